"use server";

import { createModel } from "@tollgate/control/models/create";
import { deleteModel } from "@tollgate/control/models/delete";
import { updateModel } from "@tollgate/control/models/update";
import { verbAction } from "@/lib/action.ts";

export const createModelAction = verbAction(createModel);
export const updateModelAction = verbAction(updateModel);
export const deleteModelAction = verbAction(deleteModel);

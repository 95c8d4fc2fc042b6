"use server";

import { createModel } from "@tollgate/control/models/create";
import { deleteModel } from "@tollgate/control/models/delete";
import { updateModel } from "@tollgate/control/models/update";
import { deletePrice } from "@tollgate/control/prices/delete";
import { setPrice } from "@tollgate/control/prices/set";
import { verbAction } from "@/lib/action.ts";

export const createModelAction = verbAction(createModel);
export const updateModelAction = verbAction(updateModel);
export const deleteModelAction = verbAction(deleteModel);
export const setPriceAction = verbAction(setPrice);
export const deletePriceAction = verbAction(deletePrice);

"use server";

import { changeLimit } from "@tollgate/control/limits/change";
import { deleteLimit } from "@tollgate/control/limits/delete";
import { setLimit } from "@tollgate/control/limits/set";
import { verbAction } from "@/lib/action.ts";

export const setLimitAction = verbAction(setLimit);
export const changeLimitAction = verbAction(changeLimit);
export const deleteLimitAction = verbAction(deleteLimit);

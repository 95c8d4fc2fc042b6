"use server";

import { changeLimit } from "@tollgate/control/limits/change";
import { deleteLimit } from "@tollgate/control/limits/delete";
import { increaseLimit } from "@tollgate/control/limits/increase";
import { revokeIncrease } from "@tollgate/control/limits/revoke-increase";
import { setLimit } from "@tollgate/control/limits/set";
import { verbAction } from "@/lib/action.ts";

export const setLimitAction = verbAction(setLimit);
export const changeLimitAction = verbAction(changeLimit);
export const deleteLimitAction = verbAction(deleteLimit);
export const increaseLimitAction = verbAction(increaseLimit);
export const revokeIncreaseAction = verbAction(revokeIncrease);

"use server";

import { bulkChangeLimits } from "@tollgate/control/limits/bulk-change";
import { bulkDeleteLimits } from "@tollgate/control/limits/bulk-delete";
import { bulkSetLimits } from "@tollgate/control/limits/bulk-set";
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
export const bulkSetLimitsAction = verbAction(bulkSetLimits);
export const bulkChangeLimitsAction = verbAction(bulkChangeLimits);
export const bulkDeleteLimitsAction = verbAction(bulkDeleteLimits);

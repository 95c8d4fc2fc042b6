"use server";

import { closeMonth } from "@tollgate/control/usage/close";
import { rerateUsage } from "@tollgate/control/usage/rerate";
import { verbAction } from "@/lib/action.ts";

export const closeMonthAction = verbAction(closeMonth);
export const rerateAction = verbAction(rerateUsage);

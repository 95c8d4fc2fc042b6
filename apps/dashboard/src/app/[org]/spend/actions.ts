"use server";

import { closeMonth } from "@tollgate/control/ledger/close";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { verbAction } from "@/lib/action.ts";

export const closeMonthAction = verbAction(closeMonth);
export const rerateAction = verbAction(rerateUsage);

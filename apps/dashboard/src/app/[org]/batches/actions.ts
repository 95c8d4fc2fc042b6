"use server";

import { cancelBatch } from "@tollgate/control/batches/cancel";
import { verbAction } from "@/lib/action.ts";

export const cancelBatchAction = verbAction(cancelBatch);

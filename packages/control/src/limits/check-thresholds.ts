import type { LimitUnit } from "@tollgate/contracts/limit";
import { invalid } from "../fields.ts";

/** What is told of is found in the ledger, which keeps no number of calls under way. Throws `validation_failed`. */
export function checkThresholds(unit: LimitUnit, thresholds: readonly number[]): void {
  if (unit === "concurrent" && thresholds.length > 0)
    throw invalid({ thresholds: "calls at once have none: their number is not kept" });
}

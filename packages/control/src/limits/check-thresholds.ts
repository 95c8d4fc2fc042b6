import type { LimitUnit } from "@tollgate/contracts/limit";
import { invalid } from "../fields.ts";

/** Thresholds are checked in the ledger, which does not count concurrent calls. Throws `validation_failed`. */
export function checkThresholds(unit: LimitUnit, thresholds: readonly number[]): void {
  if (unit === "concurrent" && thresholds.length > 0)
    throw invalid({ thresholds: "a limit on calls at once has no thresholds" });
}

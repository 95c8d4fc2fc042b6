import type { z } from "zod";
import { invalid } from "../fields.ts";
import { parseAmount } from "./amount.ts";
import { checkThresholds } from "./check-thresholds.ts";
import type { SetLimit } from "./schemas.ts";

/** The amount, in nano-USD or as a count. Throws `validation_failed` for an amount, a window or thresholds that do not fit the unit or scope. */
export function checkLimit({ scope, unit, window, thresholds, amount }: z.output<typeof SetLimit>): bigint {
  if (scope === "run" && window !== "total")
    throw invalid({ window: "must be total: a limit on a run counts the whole run" });
  if (unit === "concurrent" && window !== "total")
    throw invalid({ window: "must be total: calls at once have no window" });
  checkThresholds(unit, thresholds);
  return parseAmount(unit, amount);
}

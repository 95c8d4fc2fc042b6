import type { LimitUnit } from "@tollgate/contracts/limit";
import { parseUsd, usdString } from "@tollgate/contracts/money";
import { invalid } from "../fields.ts";

const USD_MAX = 1_000_000_000n * 1_000_000_000n;
const COUNT_MAX = 1_000_000_000_000_000n;

/** nano-USD or a count, above 0; at most a billion dollars or 10^15. Throws `validation_failed` on `amount`. */
export function parseAmount(unit: LimitUnit, text: string): bigint {
  if (unit !== "usd" && !/^\d+$/.test(text)) throw invalid({ amount: "a whole number" });
  const amount = unit === "usd" ? parseUsd(text) : BigInt(text);
  if (amount === null) throw invalid({ amount: "an amount of dollars such as 12.5" });
  if (amount <= 0n) throw invalid({ amount: "more than 0" });
  if (amount > (unit === "usd" ? USD_MAX : COUNT_MAX)) throw invalid({ amount: "too large" });
  return amount;
}

export const amountText = (unit: LimitUnit, amount: bigint): string =>
  unit === "usd" ? usdString(amount) : amount.toString();

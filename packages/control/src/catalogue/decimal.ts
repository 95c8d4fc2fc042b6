import { nanoFromFloat, usdString } from "@tollgate/contracts/money";

/** The price library's float dollars as decimal text; null means unknown. */
export function decimal(usd: number | null): string | null {
  const nano = usd === null ? null : nanoFromFloat(usd);
  return nano === null ? null : usdString(nano);
}

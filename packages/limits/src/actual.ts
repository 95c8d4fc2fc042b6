import { totalTokens, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { Actual } from "./store.ts";

type Ended = Pick<UsageEvent, "outcome" | "costNano" | "countedNano" | "heldNano" | "use">;

/**
 * Usage of an ended request on its limits; null for a refused request, which counts on none. If the price is unknown,
 * the amount held counts. Proxy and ledger both use this function, so their counters agree.
 */
export function actualOf(event: Ended): Actual | null {
  if (event.outcome === "refused") return null;
  const counted = event.countedNano === undefined ? event.costNano : event.countedNano;
  const usd = counted ?? event.heldNano;
  return { usd: usd === null ? null : BigInt(usd), tokens: BigInt(totalTokens(event.use)) };
}

import { totalTokens, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { Actual } from "./store.ts";

type Ended = Pick<UsageEvent, "outcome" | "costNano" | "countedNano" | "heldNano" | "use">;

/**
 * What an ended request used of its limits, or null when it counts against none: a refused one. An unknown price counts
 * as what was held for it. Proxy and ledger both ask here, so their counters agree.
 */
export function actualOf(event: Ended): Actual | null {
  if (event.outcome === "refused") return null;
  const counted = event.countedNano === undefined ? event.costNano : event.countedNano;
  const usd = counted ?? event.heldNano;
  return { usd: usd === null ? null : BigInt(usd), tokens: BigInt(totalTokens(event.use)) };
}

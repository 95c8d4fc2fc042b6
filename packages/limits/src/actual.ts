import { totalTokens, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { Actual } from "./store.ts";

/**
 * What an ended request used of its limits, or null when it counts against none: a refused one. An unknown price counts
 * as what was held for it. Proxy and ledger both ask here, so their counters agree.
 */
export function actualOf(event: Pick<UsageEvent, "outcome" | "costNano" | "heldNano" | "tokens">): Actual | null {
  if (event.outcome === "refused") return null;
  const usd = event.costNano ?? event.heldNano;
  return { usd: usd === null ? null : BigInt(usd), tokens: BigInt(totalTokens(event.tokens)) };
}

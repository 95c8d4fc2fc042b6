import type { Uuid } from "@tollgate/contracts/ids";

/** Counters that a call needs and that the limit store does not have. */
export interface CounterAsk {
  orgId: Uuid;
  counters: readonly string[];
}

/** Calls whose counters are read by one query. */
export const READ_MAX = 200;

/** The counters of all asks, each once, by organisation. */
export function countersOf(asks: readonly CounterAsk[]): Map<Uuid, string[]> {
  const sets = new Map<Uuid, Set<string>>();
  for (const { orgId, counters } of asks) {
    const known = sets.get(orgId) ?? new Set();
    for (const counter of counters) known.add(counter);
    sets.set(orgId, known);
  }
  return new Map([...sets].map(([orgId, counters]) => [orgId, [...counters]]));
}

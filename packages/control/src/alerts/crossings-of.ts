import { counterKey } from "@tollgate/limits/counter-key";
import type { Counter, KeptCounter } from "../ledger/counter.ts";
import { crossed } from "./crossed.ts";
import type { Crossing } from "./raise-thresholds.ts";

/**
 * The percentages that these additions took their counters over. `amount` of a counter's limit must be its current cap.
 * Call it in the transaction that added: its locks make the sums exact.
 */
export function crossingsOf(added: readonly Counter[], kept: readonly KeptCounter[]): Crossing[] {
  const sums = new Map(
    kept.map((row) => [counterKey(row.limit_id, row.window_start.getTime(), row.subject), BigInt(row.settled)]),
  );
  return added.flatMap(({ orgId, limit, subject, startMs, endMs, amount }) => {
    const settled = sums.get(counterKey(limit.id, startMs, subject));
    if (settled === undefined) return [];
    const { id: limitId, scope, unit, window, mode, amount: cap } = limit;
    const counter = {
      orgId,
      limitId,
      scope,
      unit,
      window,
      mode,
      cap,
      subject,
      settled,
      startMs,
      endMs,
      refusedAtMs: null,
    };
    return crossed({ cap, mode, thresholds: limit.thresholds }, settled - amount, settled).map((threshold) => ({
      ...counter,
      threshold,
    }));
  });
}

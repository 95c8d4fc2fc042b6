import type { Counter, KeptCounter } from "../ledger/counter.ts";
import { crossed } from "./crossed.ts";
import type { Crossing } from "./raise-thresholds.ts";

const keyOf = (limitId: string, subject: string, startMs: number): string => `${limitId}/${startMs}/${subject}`;

/**
 * Which percentages these additions took their counters over. `amount` of a counter's limit must be what holds now. To
 * be asked in the transaction that added: its locks make the sums exact.
 */
export function crossingsOf(added: readonly Counter[], kept: readonly KeptCounter[]): Crossing[] {
  const sums = new Map(
    kept.map((row) => [keyOf(row.limit_id, row.subject, row.window_start.getTime()), BigInt(row.settled)]),
  );
  return added.flatMap(({ orgId, limit, subject, startMs, endMs, amount }) => {
    const settled = sums.get(keyOf(limit.id, subject, startMs));
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

import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import { Collected } from "../directory/collected.ts";
import type { Reader } from "../directory/reader.ts";
import { type CounterAsk, countersOf, READ_MAX } from "./counter-asks.ts";
import { addUnshipped, type SeededFrom } from "./seed-limits.ts";
import type { SeededLimits } from "./seeded-limits.ts";

export interface OnDemandOptions {
  reader: Pick<Reader, "counters" | "policyOf">;
  spool: SeededFrom;
  limits: SeededLimits;
  stopping: AbortSignal;
}

const RETRY_MS = 500;

/**
 * Reads counters that are not in memory before the first call that needs them is decided. Rejects half a second after the ledger
 * could not be read, so that a caller can try again.
 */
export function countersOnDemand({
  reader,
  spool,
  limits,
  stopping,
}: OnDemandOptions): (ask: CounterAsk) => Promise<void> {
  async function read(asks: readonly CounterAsk[]): Promise<void> {
    const asked = countersOf(asks);
    const { committed, cursors } = await reader.counters(asked);
    const cursor = cursors[spool.status().spoolId] ?? null;
    const position = Number(cursor?.position ?? 0n);
    const found = new Map<Uuid, Map<string, bigint>>();
    for (const [orgId, keys] of asked) found.set(orgId, new Map(keys.map((key) => [key, committed.get(key) ?? 0n])));
    const fill = () => {
      for (const [orgId, amounts] of found) limits.fill(orgId, amounts);
    };
    if (![...asked].some(([orgId, keys]) => limits.needsSpool(orgId, keys, position))) return fill();
    const ofSpool = (orgId: Uuid) => {
      const committed = found.get(orgId);
      if (!committed) return undefined;
      const org = reader.policyOf(orgId);
      if (!org) throw new Error(`the policy of ${orgId} is not in memory`);
      return { committed, org };
    };
    await addUnshipped(spool, cursor, ofSpool, () => {
      // Those of other subjects in the spool were not read.
      for (const [orgId, keys] of asked) {
        const amounts = found.get(orgId);
        found.set(orgId, new Map(keys.map((key) => [key, amounts?.get(key) ?? 0n])));
      }
      fill();
    });
  }
  const collected = new Collected<CounterAsk, void>(async (asks) => {
    try {
      await read(asks);
    } catch (error) {
      await pause(RETRY_MS, undefined, { signal: stopping }).catch(() => {});
      throw error;
    }
    return asks.map(() => undefined);
  }, READ_MAX);
  return (ask) => collected.ask(ask);
}

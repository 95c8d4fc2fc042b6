import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Clock } from "@tollgate/limits/clock";
import { endsOf, requestOfHold } from "@tollgate/limits/credential-use";
import type { LedgerCounters } from "@tollgate/limits/missing-counters";
import { createRedisStore } from "@tollgate/limits/redis-store";
import type { SharedStore, SharedStoreOptions } from "@tollgate/limits/shared-store";
import type { Actual, Settled } from "@tollgate/limits/store";
import { Collected } from "../directory/collected.ts";
import type { SpoolCursor } from "../directory/read.ts";
import type { Reader } from "../directory/reader.ts";
import type { Log } from "../ports.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { type CounterAsk, countersOf, READ_MAX } from "./counter-asks.ts";
import { lostEvent } from "./lost-event.ts";
import { addToCounters } from "./seeded-limits.ts";

export interface SharedLimitsOptions {
  redisUrl: string;
  reader: Reader;
  spool: OpenSpool;
  log: Log;
  clock: Clock;
  /** Ids of all spools in this installation's spool folder. */
  spools: () => Promise<string[]>;
}

const NOTHING: Settled = { committed: new Map(), revision: 0 };

type Cursors = Record<Uuid, [position: string, pending: SpoolCursor["pending"]]>;

export interface SharedLimits extends SharedStore {
  /** Reports the usage of an adopted spool to new epochs as well as that of this process's spool, until `release`. */
  adoptSpool(spool: OpenSpool): Promise<void>;
}

/** A limit store for several proxies. When Redis has no counters, it rebuilds them from the ledger and the spools. */
export function openSharedLimits({ redisUrl, reader, spool, log, clock, spools }: SharedLimitsOptions): SharedLimits {
  /** Each organisation's policy at the time its counters were last read. */
  const policies = new Map<Uuid, OrgPolicy>();

  /** Sums the usage in a spool beyond the cursors of an epoch. */
  const reading =
    (from: OpenSpool): SharedStoreOptions["readOwn"] =>
    async (orgId, cursors, last) => {
      const [position, pending] = (JSON.parse(cursors) as Cursors)[from.status().spoolId] ?? ["0", []];
      const taken = pending.map(([start, end]) => [Number(start), Number(end)] as const);
      const isTaken = (at: number): boolean => taken.some(([start, end]) => at >= start && at < end);
      const counters = new Map<string, bigint>();
      const org = policies.get(orgId);
      await from.visitEnded(
        Number(position),
        (event, at) => {
          if (org && event.orgId === orgId && !isTaken(at)) addToCounters(counters, org, event);
        },
        () => last(counters, from.status().writtenBytes),
      );
    };

  const asked = new Collected<CounterAsk, LedgerCounters>(async (asks) => {
    const { committed, cursors } = await reader.counters(countersOf(asks));
    const positions = new Map(Object.entries(cursors).map(([spoolId, cursor]) => [spoolId, Number(cursor.position)]));
    return asks.map(() => ({ committed, positions }));
  }, READ_MAX);

  const store = createRedisStore({
    url: redisUrl,
    owner: () => spool.status().spoolId,
    position: () => spool.status().writtenBytes,
    clock,
    spools,
    async readLedger(orgId, held) {
      const { found, cursors, ended } = await reader.ledgerState(orgId, held);
      if (found) policies.set(orgId, found.org);
      const known: Cursors = Object.fromEntries(
        Object.entries(cursors).map(([spoolId, { position, pending }]) => [spoolId, [position.toString(), pending]]),
      );
      return { ...(found?.settled ?? NOTHING), cursors: JSON.stringify(known), ended };
    },
    readOwn: reading(spool),
    readCounters: (orgId, counters) => asked.ask({ orgId, counters }),
    async onLost(hold) {
      // The record of the call also has what was held for its attempts.
      if (hold.id !== requestOfHold(hold.id)) return;
      const event = lostEvent(hold);
      const { id: requestId, orgId } = hold;
      log.error(
        { requestId, orgId, keyId: event?.keyId, costNano: event?.costNano },
        "a call is charged its full hold, because its proxy and spool are lost",
      );
      if (event) await spool.settled(event);
    },
    onError: (error) => log.warn({ err: error.message }, "the limit store in Redis has a problem"),
  });
  return { ...store, adoptSpool: (adopted) => store.adopt(adopted.status().spoolId, reading(adopted)) };
}

/**
 * Ends the holds of a process that has exited: each with the usage in its spool, or with none if the call was not
 * dispatched. The spool is read once, because its records are removed when the ledger has them, even while Redis is
 * down.
 */
export function resumesHolds(limits: Pick<SharedStore, "resume">, spool: OpenSpool): () => Promise<void> {
  let known: Map<string, Actual> | null = null;
  return async () => {
    const ended = known ?? new Map<string, Actual>();
    if (!known)
      await spool.visitEnded(
        0,
        (event) => {
          for (const [holdId, actual] of endsOf(event)) ended.set(holdId, actual);
        },
        () => {},
      );
    known = ended;
    const { spoolId, writtenBytes } = spool.status();
    await limits.resume(spoolId, (holdId) => ended.get(holdId) ?? null, writtenBytes);
  };
}

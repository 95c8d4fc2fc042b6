import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Clock } from "@tollgate/limits/clock";
import type { BearingEntry } from "@tollgate/limits/decide";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import type { HoldEntry, LimitStore, Settled } from "@tollgate/limits/store";
import type { Leases } from "../directory/leases.ts";
import type { Reader } from "../directory/reader.ts";
import type { LimitGate, Log } from "../ports.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { countersOnDemand } from "./counters-on-demand.ts";
import { createGate } from "./gate.ts";
import { createOwnership, type Ownership } from "./ownership.ts";
import { untilSeeded } from "./seeded-limits.ts";
import { createSeeder } from "./seeder.ts";
import { openSharedLimits, resumesHolds } from "./shared-limits.ts";

export interface LimitsOptions {
  /** Null: the counters are in the memory of this process, so it must be the only proxy. */
  redisUrl: string | null;
  reader: Reader;
  leases: Leases;
  spool: OpenSpool;
  log: Log;
  /** Follows the clock of the shared store. */
  clock: Clock;
  /** Ids of all spools in this installation's spool folder. */
  spools: () => Promise<string[]>;
  stopping: AbortSignal;
}

export interface OpenLimits {
  store: LimitStore;
  gate: LimitGate;
  /** False when another process may decide about blocking limits, or when Postgres does not answer. */
  isConfirmed(): boolean;
  /** Accounts for usage and holds of earlier processes; retries until it succeeds. */
  start(): Promise<void>;
  /** An organisation's limits may have changed, or the ledger may have corrected their amounts. */
  changed(orgId: Uuid, settled: Settled): void;
  /** This process ships an adopted spool from now on. */
  adopting(spool: OpenSpool): Promise<void>;
  /** The ledger has every record of the adopted spool. */
  adopted(): void;
  /** The adopted spool is about to be removed. */
  removing(spool: OpenSpool): void;
  /** After the last call: releases the right to decide, for the next proxy. */
  close(): Promise<void>;
}

const RETRY_MS = 500;

/** Refuses a hold while this process has no right to decide, even if it was paused for any time just before. */
function fenced(store: LimitStore, ownership: Ownership): LimitStore {
  function check(entries: readonly HoldEntry[]): void {
    if (ownership.isOurs() || !entries.some(({ mode }) => mode === "block")) return;
    throw new Error(ownership.refusal() ?? "this process may not decide about blocking limits now");
  }
  return {
    ...store,
    hold(requestId, orgId, entries, asked) {
      check(entries);
      return store.hold(requestId, orgId, entries, asked);
    },
    extend(requestId, orgId, entries) {
      check(entries);
      return store.extend(requestId, orgId, entries);
    },
  };
}

function ownLimits(options: LimitsOptions): OpenLimits {
  const { reader, leases, spool, log, clock, stopping } = options;
  const position = () => spool.status().writtenBytes;
  const store = untilSeeded(createMemoryStore({ now: clock.now, position, mayEvict: spool.healthy }));
  const seeder = createSeeder({ reader, spool, limits: store, log, stopping });
  const read = countersOnDemand({ reader, spool, limits: store, stopping });
  let isReadFailing = false;
  async function readMissing(orgId: Uuid, entries: readonly BearingEntry[]): Promise<void> {
    try {
      await read({ orgId, counters: store.missing(orgId, entries) });
      isReadFailing = false;
    } catch (error) {
      if (!isReadFailing) log.warn({ orgId, err: String(error) }, "limit counters cannot be read from the ledger");
      isReadFailing = true;
    }
  }
  const ownership = createOwnership({
    leases,
    spoolId: spool.status().spoolId,
    writtenBytes: () => spool.status().writtenBytes,
    store: async () => "memory",
    log,
    onGranted: seeder.shut,
  });
  return {
    store: fenced(store, ownership),
    gate: createGate({
      mayDecide: ownership.isOurs,
      isOpen: (orgId, entries) =>
        store.isOpen(orgId) && ownership.isOurs() && store.missing(orgId, entries).length === 0,
      isSeeding: () => ownership.isOurs() && !seeder.isFailing() && !isReadFailing,
      refusal: ownership.refusal,
      isUnanswered: ownership.isUnanswered,
      changed(orgId, entries) {
        if (!ownership.isOurs()) return ownership.changed();
        return store.isOpen(orgId) ? readMissing(orgId, entries) : seeder.want(orgId);
      },
    }),
    isConfirmed: ownership.isConfirmed,
    start: async () => ownership.start(),
    changed: seeder.changed,
    adopting: (adopted) => releaseLease(ownership, adopted, log),
    adopted: seeder.again,
    removing: () => {},
    async close() {
      await store.close();
      await ownership.close();
    },
  };
}

/** Releases the right of a process that has exited, so that nobody waits until it expires. */
async function releaseLease(ownership: Ownership, adopted: OpenSpool, log: Log): Promise<void> {
  const { spoolId, writtenBytes } = adopted.status();
  await ownership.releaseExited(spoolId, writtenBytes).catch((error: unknown) => {
    log.warn({ spoolId, err: String(error) }, "the lease of a proxy that exited is not released; it expires by itself");
  });
}

function sharedLimits(redisUrl: string, options: LimitsOptions): OpenLimits {
  const { reader, leases, spool, log, clock, spools, stopping } = options;
  const store = openSharedLimits({ redisUrl, reader, spool, log, clock, spools });
  let id: string | null = null;
  const ownership = createOwnership({
    leases,
    spoolId: spool.status().spoolId,
    writtenBytes: () => spool.status().writtenBytes,
    async store() {
      id = await store.id().catch((error: unknown) => {
        if (id === null) throw error;
        return id;
      });
      return `redis:${id}`;
    },
    log,
    onGranted: () => {},
  });
  async function persist(work: () => Promise<void>): Promise<void> {
    while (!stopping.aborted) {
      try {
        return await work();
      } catch (error) {
        log.warn({ err: String(error) }, "holds of a process that exited cannot be ended yet; trying again");
        await pause(RETRY_MS, undefined, { signal: stopping }).catch(() => {});
      }
    }
  }
  return {
    store: fenced(store, ownership),
    gate: createGate({ ...ownership, mayDecide: ownership.isOurs, isOpen: ownership.isOurs, isSeeding: () => false }),
    isConfirmed: ownership.isConfirmed,
    async start() {
      ownership.start();
      await persist(resumesHolds(store, spool));
    },
    changed(orgId, settled) {
      Promise.resolve(store.seed(orgId, settled)).catch((error: unknown) => {
        log.warn({ orgId, err: String(error) }, "limit counters in Redis cannot be updated from the ledger");
      });
    },
    async adopting(adopted) {
      await releaseLease(ownership, adopted, log);
      const resume = resumesHolds(store, adopted);
      await persist(async () => {
        await resume();
        await store.adoptSpool(adopted);
      });
    },
    adopted: () => {},
    removing: (adopted) => store.release(adopted.status().spoolId),
    async close() {
      await store.close();
      await ownership.close();
    },
  };
}

export const openLimits = (options: LimitsOptions): OpenLimits =>
  options.redisUrl === null ? ownLimits(options) : sharedLimits(options.redisUrl, options);

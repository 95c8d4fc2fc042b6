import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Clock } from "@tollgate/limits/clock";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import type { HoldEntry, LimitStore, Settled } from "@tollgate/limits/store";
import type { Leases } from "../directory/leases.ts";
import type { Reader } from "../directory/reader.ts";
import type { LimitGate, Log } from "../ports.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { createGate } from "./gate.ts";
import { createOwnership, type Ownership } from "./ownership.ts";
import { untilSeeded } from "./seeded-limits.ts";
import { createSeeder } from "./seeder.ts";
import { openSharedLimits, resumesHolds } from "./shared-limits.ts";

export interface LimitsOptions {
  /** Null: the counters are in this process's memory, so it must be the only one. */
  redisUrl: string | null;
  reader: Reader;
  leases: Leases;
  spool: OpenSpool;
  log: Log;
  /** Follows the shared store's. */
  clock: Clock;
  /** Owners of all spools there are here. */
  spools: () => Promise<string[]>;
  stopping: AbortSignal;
}

export interface OpenLimits {
  store: LimitStore;
  gate: LimitGate;
  /** False when another process has the right to decide about blocking limits, or when nobody knows who has it. */
  isConfirmed(): boolean;
  /** Makes good for what went before this process, as often as it takes. */
  start(): Promise<void>;
  /** An organisation's limits may be new ones, or what the ledger says of them may have been corrected. */
  changed(orgId: Uuid, settled: Settled): void;
  /** This process ships another's spool from now on. */
  adopting(spool: OpenSpool): Promise<void>;
  /** The ledger has all of it. */
  adopted(): void;
  /** It is about to go. */
  removing(spool: OpenSpool): void;
  /** After the last call: gives the right to decide to the next proxy. */
  close(): Promise<void>;
}

const RETRY_MS = 500;

/** No hold is made without the right to, however long this process was stopped just before. */
function fenced(store: LimitStore, ownership: Ownership): LimitStore {
  function check(entries: readonly HoldEntry[]): void {
    if (ownership.isOurs() || !entries.some(({ mode }) => mode === "block")) return;
    throw new Error(ownership.refusal() ?? "this process may not decide about blocking limits at the moment");
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
  const store = untilSeeded(createMemoryStore(clock));
  const seeder = createSeeder({ reader, spool, limits: store, log, stopping });
  const ownership = createOwnership({
    leases,
    spoolId: spool.status().spoolId,
    writtenBytes: () => spool.status().writtenBytes,
    store: async () => "memory",
    log,
    onGranted() {
      store.shut();
      void seeder.start();
    },
  });
  return {
    store: fenced(store, ownership),
    gate: createGate({
      isOpen: () => store.isOpen() && ownership.isOurs(),
      refusal: ownership.refusal,
      isUnanswered: ownership.isUnanswered,
      changed: () => (ownership.isOurs() ? store.opened() : ownership.changed()),
    }),
    isConfirmed: ownership.isConfirmed,
    start: async () => ownership.start(),
    changed: seeder.changed,
    adopting: (adopted) => buried(ownership, adopted, log),
    adopted: () => void seeder.start(),
    removing: () => {},
    async close() {
      await store.close();
      await ownership.close();
    },
  };
}

/** The process that had an adopted spool is dead: this one need not wait until its right to decide has run out. */
async function buried(ownership: Ownership, adopted: OpenSpool, log: Log): Promise<void> {
  const { spoolId, writtenBytes } = adopted.status();
  await ownership.buried(spoolId, writtenBytes).catch((error: unknown) => {
    log.warn({ spoolId, err: String(error) }, "Postgres could not be told that a proxy is dead");
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
        log.warn({ err: String(error) }, "what another process left behind cannot be made good yet");
        await pause(RETRY_MS, undefined, { signal: stopping }).catch(() => {});
      }
    }
  }
  return {
    store: fenced(store, ownership),
    gate: createGate({ ...ownership, isOpen: ownership.isOurs }),
    isConfirmed: ownership.isConfirmed,
    async start() {
      ownership.start();
      await persist(resumesHolds(store, spool));
    },
    changed(orgId, settled) {
      Promise.resolve(store.seed(orgId, settled)).catch((error: unknown) => {
        log.warn({ orgId, err: String(error) }, "limits cannot be seeded");
      });
    },
    async adopting(adopted) {
      await buried(ownership, adopted, log);
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

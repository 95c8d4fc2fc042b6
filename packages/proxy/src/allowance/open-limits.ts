import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Clock } from "@tollgate/limits/clock";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import type { LimitStore, Settled } from "@tollgate/limits/store";
import type { Reader } from "../directory/reader.ts";
import type { Log } from "../ports.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { untilSeeded } from "./seeded-limits.ts";
import { createSeeder } from "./seeder.ts";
import { openSharedLimits, resumeHolds } from "./shared-limits.ts";

export interface LimitsOptions {
  /** Null: this is the only proxy, so its counters may be its own. */
  redisUrl: string | null;
  reader: Reader;
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
}

const RETRY_MS = 500;

function ownLimits({ reader, spool, log, clock, stopping }: LimitsOptions): OpenLimits {
  const store = untilSeeded(createMemoryStore(clock));
  const seeder = createSeeder({ reader, spool, limits: store, log, stopping });
  return {
    store,
    start: seeder.start,
    changed: seeder.changed,
    adopting: async () => {},
    adopted: () => void seeder.start(),
    removing: () => {},
  };
}

function sharedLimits(redisUrl: string, { reader, spool, log, clock, spools, stopping }: LimitsOptions): OpenLimits {
  const store = openSharedLimits({ redisUrl, reader, spool, log, clock, spools });
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
    store,
    start: () => persist(() => resumeHolds(store, spool)),
    changed(orgId, settled) {
      Promise.resolve(store.seed(orgId, settled)).catch((error: unknown) => {
        log.warn({ orgId, err: String(error) }, "limits cannot be seeded");
      });
    },
    adopting: (adopted) =>
      persist(async () => {
        await resumeHolds(store, adopted);
        await store.adoptSpool(adopted);
      }),
    adopted: () => {},
    removing: (adopted) => store.release(adopted.status().spoolId),
  };
}

export const openLimits = (options: LimitsOptions): OpenLimits =>
  options.redisUrl === null ? ownLimits(options) : sharedLimits(options.redisUrl, options);

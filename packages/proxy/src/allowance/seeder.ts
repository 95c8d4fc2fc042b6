import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Settled } from "@tollgate/limits/store";
import type { Reader } from "../directory/reader.ts";
import type { Log } from "../ports.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { seedLimits } from "./seed-limits.ts";
import type { SeededLimits } from "./seeded-limits.ts";

export interface SeederOptions {
  reader: Pick<Reader, "ledger">;
  spool: Pick<OpenSpool, "status" | "healthy" | "visitEnded">;
  limits: SeededLimits;
  log: Log;
  stopping: AbortSignal;
}

export interface Seeder {
  /** Seeds an organisation that has traffic. Resolves after the next reading, which may not include it. */
  want(orgId: Uuid): Promise<void>;
  /** The last reading failed. */
  isFailing(): boolean;
  /** Seeds the seeded organisations again: the ledger now has another spool. */
  again(): void;
  /**
   * Stops holds: another process may have changed the usage. Each organisation is seeded again before its next hold.
   */
  shut(): void;
  /** Seeds an organisation whose limits or amounts have changed with its earlier usage. */
  changed(orgId: Uuid, settled: Settled): void;
}

const RETRY_MS = 500;
/** Organisations that are seeded by one reading of the ledger and of the spool. */
const SEEDED_MAX = 200;

/**
 * Keeps the counters of a memory store equal to the real usage, for organisations with traffic. One reading at a time.
 */
export function createSeeder({ reader, spool, limits, log, stopping }: SeederOptions): Seeder {
  const wanted = new Set<Uuid>();
  let underWay: readonly Uuid[] = [];
  let isBusy = false;
  let isFailing = false;
  let shuts = 0;
  let next = Promise.withResolvers<void>();

  async function seed(orgIds: readonly Uuid[]): Promise<void> {
    const shutsBefore = shuts;
    await seedLimits(reader, spool, limits, orgIds, () => {
      // `shut` was called during the reading, so another process may have added usage: read these organisations again.
      if (shuts === shutsBefore) for (const orgId of orgIds) limits.open(orgId);
      else for (const orgId of orgIds) wanted.add(orgId);
    });
    if (isFailing) log.info({}, "limit counters read from the ledger");
    isFailing = false;
  }

  async function run(): Promise<void> {
    isBusy = true;
    // Organisations that are requested in the same turn of the event loop are read together.
    await Promise.resolve();
    while (wanted.size > 0 && !stopping.aborted) {
      const orgIds = [...wanted].slice(0, SEEDED_MAX);
      for (const orgId of orgIds) wanted.delete(orgId);
      underWay = orgIds;
      try {
        await seed(orgIds);
      } catch (error) {
        for (const orgId of orgIds) wanted.add(orgId);
        if (!isFailing) log.warn({ err: String(error) }, "limit counters cannot be read from the ledger; trying again");
        isFailing = true;
        await pause(RETRY_MS, undefined, { signal: stopping }).catch(() => {});
      }
      underWay = [];
      next.resolve();
      next = Promise.withResolvers();
    }
    isBusy = false;
  }

  function enqueue(orgIds: readonly Uuid[]): void {
    for (const orgId of orgIds) wanted.add(orgId);
    if (wanted.size > 0 && !isBusy) void run();
  }

  return {
    want(orgId) {
      const { promise } = next;
      enqueue([orgId]);
      return promise;
    },
    isFailing: () => isFailing,
    again: () => enqueue(limits.organisations()),
    shut() {
      shuts += 1;
      limits.shut();
    },
    changed(orgId, settled) {
      if (!limits.isOpen(orgId) && !underWay.includes(orgId)) return;
      // What is being read may be from before.
      void limits.seed(orgId, settled);
      enqueue([orgId]);
    },
  };
}

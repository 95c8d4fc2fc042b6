import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Settled } from "@tollgate/limits/store";
import type { Reader } from "../directory/reader.ts";
import type { Log } from "../ports.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { seedLimits } from "./seed-limits.ts";
import type { SeededLimits } from "./seeded-limits.ts";

export interface SeederOptions {
  reader: Reader;
  spool: OpenSpool;
  limits: SeededLimits;
  log: Log;
  stopping: AbortSignal;
}

export interface Seeder {
  /**
   * Seeds every organisation, retries until that succeeds, then opens the store. Of overlapping starts, only the last
   * opens it.
   */
  start(): Promise<void>;
  /** Seeds an organisation whose limits or amounts have changed with its earlier usage. */
  changed(orgId: Uuid, settled: Settled): void;
}

const RETRY_MS = 500;

/** Keeps the counters of a memory store equal to the real usage. */
export function createSeeder({ reader, spool, limits, log, stopping }: SeederOptions): Seeder {
  let isStarted = false;
  let latest = 0;

  async function seed(orgId: Uuid | null, seeded: () => void = () => {}): Promise<void> {
    for (let tries = 0; !stopping.aborted; tries++) {
      try {
        return await seedLimits(reader, spool, limits, orgId, seeded);
      } catch (error) {
        if (tries === 0)
          log.warn({ orgId, err: String(error) }, "limit counters cannot be read from the ledger; trying again");
        await pause(RETRY_MS, undefined, { signal: stopping }).catch(() => {});
      }
    }
  }

  return {
    async start() {
      latest += 1;
      const mine = latest;
      await seed(null, () => {
        if (mine === latest) limits.open();
      });
      isStarted = true;
      log.info({}, "limit counters read from the ledger");
    },
    changed(orgId, settled) {
      void limits.seed(orgId, settled);
      if (isStarted) void seed(orgId);
    },
  };
}

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
  /** Seeds every organisation, as often as it takes, and opens the store then. Begun again meanwhile, the last one does. */
  start(): Promise<void>;
  /** An organisation's limits may be new ones, or corrected: seeds them with what was spent before. */
  changed(orgId: Uuid, settled: Settled): void;
}

const RETRY_MS = 500;

/** Keeps a memory store's counters at what was really spent. */
export function createSeeder({ reader, spool, limits, log, stopping }: SeederOptions): Seeder {
  let isStarted = false;
  let latest = 0;

  async function seed(orgId: Uuid | null, seeded: () => void = () => {}): Promise<void> {
    for (let tries = 0; !stopping.aborted; tries++) {
      try {
        return await seedLimits(reader, spool, limits, orgId, seeded);
      } catch (error) {
        if (tries === 0) log.warn({ orgId, err: String(error) }, "limits cannot be seeded yet");
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
      log.info({}, "limits seeded");
    },
    changed(orgId, settled) {
      void limits.seed(orgId, settled);
      if (isStarted) void seed(orgId);
    },
  };
}

import type { Pool } from "@tollgate/db/pool";
import { type Ingested, type IngestOptions, ingestBatches } from "./ingest.ts";
import type { ReadBatch } from "./read-batch.ts";

/** Transactions at the same time: while Postgres works on one, the other is prepared. */
const LANES = 2;

/**
 * Most events of one transaction; a batch has at most 500. Half as many as a worker has at once, so that both lanes have as many.
 * Events of one organisation change the same rows of roll-ups, so twice as many events cost Postgres a quarter less for each when
 * thousands of organisations make calls in turn.
 */
const EVENTS_AT_ONCE = 16_000;

interface Waiting {
  batch: ReadBatch;
  resolve: (ingested: Ingested) => void;
  reject: (error: unknown) => void;
}

/**
 * Returns a function that adds a batch to the ledger. Batches that wait are added in one transaction, because calls of many batches
 * change the same rows of roll-ups and counters. A batch that is alone does not wait.
 */
export function ingestTogether(pool: Pool, options: IngestOptions): (batch: ReadBatch) => Promise<Ingested> {
  const waiting: Waiting[] = [];
  let busy = 0;

  function take(): Waiting[] {
    const taken = waiting.splice(0, 1);
    let events = taken[0]?.batch.events.length ?? 0;
    for (let next = waiting[0]; next && events + next.batch.events.length <= EVENTS_AT_ONCE; next = waiting[0]) {
      events += next.batch.events.length;
      taken.push(next);
      waiting.shift();
    }
    return taken;
  }

  async function run(): Promise<void> {
    busy += 1;
    while (waiting.length > 0) {
      const taken = take();
      try {
        const results = await ingestBatches(
          pool,
          taken.map(({ batch }) => batch),
          options,
        );
        for (const [at, { resolve, reject }] of taken.entries()) {
          const result = results[at];
          if (result) resolve(result);
          else reject(new Error("no result of a batch"));
        }
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    busy -= 1;
  }

  return (batch) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, resolve, reject });
      if (busy < LANES) void run();
    });
}

import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { checkBatch } from "@tollgate/vault/event-mac";
import { type Ingested, ingestUsage } from "./ingest.ts";
import { makePartitions } from "./make-partitions.ts";
import { type Kept, keepBooks } from "./run-bookkeeping.ts";

export interface LedgerOptions {
  /** Of the role tollgate_ingest. */
  databaseUrl: string;
  /** Under which the proxies make the MACs of events: two while one is replaced. */
  eventKeys: readonly Uint8Array[];
  onError: (error: Error) => void;
}

/** What the system does to the ledger on behalf of every tenant; no tenant can ask for it. */
export interface Ledger {
  ingest(batch: JobPayload<"usage.ingest">): Promise<Ingested>;
  keepBooks(): Promise<Kept[]>;
  makePartitions(): Promise<number>;
  /** Rejects when Postgres does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects on first use. */
export function openLedger({ databaseUrl, eventKeys, onError }: LedgerOptions): Ledger {
  const pool = openPool({ connectionString: databaseUrl, max: 6, onError });
  return {
    ingest: (batch) => ingestUsage(pool, batch, checkBatch(eventKeys, batch)),
    keepBooks: () => keepBooks(pool, Date.now()),
    makePartitions: () => makePartitions(pool, Date.now()),
    async ping() {
      await pool.query("select 1");
    },
    close: () => pool.end(),
  };
}

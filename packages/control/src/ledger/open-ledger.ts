import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { checkBatch } from "@tollgate/vault/event-mac";
import { fillLimits } from "../limits/fill-limits.ts";
import { applyRetention, type Forgotten, readQuarantine } from "../retention/apply.ts";
import { forgetRollUps } from "../rollups/forget.ts";
import { reshapeRollUps } from "../rollups/reshape.ts";
import { sumTotals } from "../rollups/sum-totals.ts";
import { type Applied, applyDecisions } from "./apply-decisions.ts";
import { type Checked, checkLedgers } from "./check-ledgers.ts";
import { indexPartitions } from "./index-partitions.ts";
import type { Ingested } from "./ingest.ts";
import { ingestTogether } from "./ingest-together.ts";
import { makePartitions } from "./make-partitions.ts";
import { readBatch } from "./read-batch.ts";
import { type Completed, runMaintenance } from "./run-maintenance.ts";

export interface LedgerOptions {
  /** Connects as the role `tollgate_ingest`. */
  databaseUrl: string;
  /** Keys of the MACs that proxies add to events; two during a rotation. */
  eventKeys: readonly Uint8Array[];
  /** How many values of each kind of attribution a month shows by name. */
  valuesMax?: number;
  onError: (error: Error) => void;
}

/** Work on the ledger of all tenants, for the worker only. Tenants cannot call it. */
export interface Ledger {
  ingest(batch: JobPayload<"usage.ingest">): Promise<Ingested>;
  /** Runs the waiting requests for maintenance. */
  runMaintenance(): Promise<Completed[]>;
  /** Checks the organisations that are due. */
  checkLedgers(): Promise<Checked>;
  makePartitions(): Promise<number>;
  reshapeRollUps(): Promise<number>;
  sumTotals(): Promise<number>;
  forgetRollUps(): Promise<number>;
  indexPartitions(): Promise<number>;
  fillLimits(): Promise<number>;
  /** Deletes what is past its retention; `daysMax` is that of the installation. */
  applyRetention(daysMax: number): Promise<Forgotten>;
  /** Releases and discards usage in quarantine as the operator decided; null: there is no key of the audit log. */
  applyDecisions(auditKey: Buffer | null): Promise<Applied>;
  /** Usage events that could not be stored. */
  readQuarantine(): ReturnType<typeof readQuarantine>;
  /** Rejects when Postgres does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Longer than this, a run would keep other jobs waiting. */
const RESHAPE_FOR_MS = 20_000;

/** The next run begins ten seconds later. */
const CHECK_FOR_MS = 20_000;

/** Connects on first use. */
export function openLedger({ databaseUrl, eventKeys, valuesMax, onError }: LedgerOptions): Ledger {
  const pool = openPool({ connectionString: databaseUrl, max: 6, onError });
  const ingest = ingestTogether(pool, valuesMax === undefined ? {} : { valuesMax });
  return {
    ingest: async (batch) => ingest(await readBatch(pool, batch, checkBatch(eventKeys, batch))),
    runMaintenance: () => runMaintenance(pool, Date.now()),
    checkLedgers: () => checkLedgers(pool, { nowMs: Date.now(), forMs: CHECK_FOR_MS }),
    makePartitions: () => makePartitions(pool, Date.now()),
    reshapeRollUps: () => reshapeRollUps(pool, RESHAPE_FOR_MS),
    sumTotals: () => sumTotals(pool, Date.now(), RESHAPE_FOR_MS),
    forgetRollUps: () => forgetRollUps(pool, Date.now()),
    indexPartitions: () => indexPartitions(pool),
    fillLimits: () => fillLimits(pool, Date.now()),
    applyRetention: (daysMax) => applyRetention(pool, Date.now(), daysMax),
    applyDecisions: (auditKey) => applyDecisions(pool, auditKey, Date.now()),
    readQuarantine: () => readQuarantine(pool),
    async ping() {
      await pool.query("select 1");
    },
    close: () => pool.end(),
  };
}

import { randomUUID } from "node:crypto";
import { uuidV7 } from "@tollgate/contracts/ids";
import { UsageEvent } from "@tollgate/contracts/usage-event";
import { checkLedgers } from "@tollgate/control/ledger/check-ledgers";
import { type Ingested, ingestUsage } from "@tollgate/control/ledger/ingest";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { openPool, type Pool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { TestDatabase } from "@tollgate/testkit/postgres";
import { afterAll } from "vitest";

export interface Ledger {
  /** Writes events as the worker does. */
  ingest(events: readonly UsageEvent[]): Promise<void>;
  /** Runs the waiting maintenance requests. */
  runMaintenance(nowMs: number): Promise<void>;
  /** Checks every organisation that was written, as in the next hour. */
  check(nowMs: number): Promise<void>;
}

/** Ingests a batch whose MACs are valid. */
export const ingestProven = (pool: Pool, batch: JobPayload<"usage.ingest">): Promise<Ingested> =>
  ingestUsage(pool, batch, { proven: batch.events, unproven: [], isWhole: true });

export function openLedger(database: TestDatabase): Ledger {
  const pool = openPool({ connectionString: database.ingestUrl });
  afterAll(() => pool.end());
  const spoolId = randomUUID();
  let position = 0;
  return {
    async ingest(events) {
      const [from, to] = [String(position), String(position + events.length)];
      position += events.length;
      await ingestProven(pool, { spoolId, from, to, events: events.map((event) => JSON.stringify(event)) });
    },
    async runMaintenance(nowMs) {
      await runMaintenance(pool, nowMs);
    },
    async check(nowMs) {
      await checkLedgers(pool, { nowMs, dueMs: Date.now() + 3_600_000 });
    },
  };
}

/** A successful request at `atMs`: 0.25 dollars, 100 input and 20 output tokens, unless overridden. */
export const usageEvent = (orgId: string, atMs: number, fields: Partial<UsageEvent> = {}): UsageEvent =>
  UsageEvent.parse({
    v: 1,
    id: uuidV7(atMs),
    orgId,
    teamId: null,
    memberId: null,
    keyId: "00000000-0000-7000-8000-000000000001",
    modelId: null,
    model: "small",
    surface: "chat-completions",
    stream: false,
    status: 200,
    error: null,
    errorMessage: null,
    outcome: "complete",
    provider: "openai",
    upstreamModel: "gpt-4o-mini",
    credentialId: null,
    attempts: [],
    cache: "off",
    use: { input: 100, output: 20 },
    source: "provider",
    costNano: "250000000",
    heldNano: "300000000",
    pricing: "priced",
    priceVersion: "test",
    flags: [],
    guardrails: [],
    tags: {},
    customer: null,
    session: null,
    endUser: null,
    costCentre: null,
    clientRequestId: null,
    metadata: null,
    totalMs: 120,
    firstTokenMs: 40,
    overheadMs: 1,
    ...fields,
  });

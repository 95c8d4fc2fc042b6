import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Pool } from "@tollgate/db/pool";
import { appendAsSystem } from "../audit/append-as-system.ts";
import { inTransaction } from "../in-transaction.ts";
import { ingestUsage } from "./ingest.ts";
import { readEvent } from "./ingest-event.ts";
import { UNPROVEN } from "./read-batch.ts";

interface Decided {
  id: string;
  spoolId: string;
  event: string;
  reason: string;
  decision: string;
  by: string | null;
}

export interface Applied {
  released: number;
  discarded: number;
  /** Number of records that stay in quarantine, each with the reason. */
  failed: number;
}

const DECIDED = `
  select id, spool_id as "spoolId", event, reason, decision, decided_by as by
  from usage_quarantine where decision is not null order by decided_at limit 1000`;

const FAILED = "update usage_quarantine set decision = null, failure = $2 where id = $1";

/** Records the decision in the audit log of the event's organisation, if the event names one that exists. */
async function recordDecision(pool: Pool, auditKey: Buffer, decided: Decided, event: UsageEvent): Promise<void> {
  await inTransaction(pool, async (client) => {
    const known = await client.query("select from organisation where id = $1", [event.orgId]);
    if (known.rowCount === 0) return;
    await appendAsSystem(client, auditKey, {
      orgId: event.orgId,
      action: `quarantine.${decided.decision}`,
      subject: `request ${event.id}`,
      after: { reason: decided.reason, by: decided.by },
    });
  });
}

/** Adds the event to the ledger, which also takes it out of the quarantine. Returns why it could not, or null. */
async function release(pool: Pool, { event, spoolId, reason }: Decided, read: ReturnType<typeof readEvent>) {
  if (reason === UNPROVEN) return "nothing proves that a proxy wrote it";
  if ("rejected" in read) return read.rejected;
  const batch = { spoolId, from: "0", to: "0", events: [event] };
  const { released } = await ingestUsage(pool, batch, { proven: [event], unproven: [], isWhole: false });
  return released > 0 ? null : "the ledger cannot store it";
}

/**
 * Applies the operator's decisions about usage in quarantine. If the event can be read, an audit entry is written
 * first. Idempotent. Without the audit key it does nothing.
 */
export async function applyDecisions(pool: Pool, auditKey: Buffer | null, nowMs: number): Promise<Applied> {
  const applied: Applied = { released: 0, discarded: 0, failed: 0 };
  const { rows } = await pool.query<Decided>(DECIDED);
  if (rows.length > 0 && !auditKey) throw new Error("TOLLGATE_AUDIT_KEY is not set: decisions cannot be recorded");
  for (const decided of rows) {
    const read = readEvent(decided.event, nowMs);
    if (auditKey && "event" in read) await recordDecision(pool, auditKey, decided, read.event);
    if (decided.decision === "discard") {
      await pool.query("delete from usage_quarantine where id = $1", [decided.id]);
      applied.discarded += 1;
      continue;
    }
    const failure = await release(pool, decided, read);
    if (failure === null) applied.released += 1;
    else {
      await pool.query(FAILED, [decided.id, failure]);
      applied.failed += 1;
    }
  }
  return applied;
}

import type { PoolClient } from "@tollgate/db/pool";
import { type AuditNote, type AuditRow, CHAIN_START, chainHash } from "../audit.ts";

export interface SystemNote extends AuditNote {
  orgId: string;
  action: string;
}

/** Appends an action of the worker to the organisation's chain, in the client's transaction. */
export async function appendAsSystem(client: PoolClient, auditKey: Buffer, note: SystemNote): Promise<void> {
  const { orgId, action, subject, before = null, after = null } = note;
  // The lock of `oneAtATime`: so the chain has no gaps and no forks.
  await client.query("select pg_advisory_xact_lock(hashtextextended('audit:' || $1::text, 0))", [orgId]);
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    "select sequence, hash from audit_entry where org_id = $1 order by sequence desc limit 1",
    [orgId],
  );
  const row: AuditRow = {
    orgId,
    sequence: BigInt(rows[0]?.sequence ?? 0) + 1n,
    at: new Date(),
    actorKind: "system",
    actorId: null,
    actorName: "worker",
    address: null,
    action,
    subject,
    before,
    after,
  };
  await client.query(
    `insert into audit_entry
       (org_id, sequence, at, actor_kind, actor_id, actor_name, address, action, subject, "before", "after", hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      orgId,
      row.sequence.toString(),
      row.at,
      row.actorKind,
      row.actorId,
      row.actorName,
      row.address,
      action,
      subject,
      before && JSON.stringify(before),
      after && JSON.stringify(after),
      chainHash(auditKey, rows[0]?.hash ?? CHAIN_START, row),
    ],
  );
}

import type { Tx } from "@tollgate/db/with-tenant";

/**
 * When the organisation's roll-ups and counters were last compared with its events, by schedule or by request; null: not yet.
 * An organisation without new usage is compared once a day.
 */
export async function lastReconciled(tx: Tx, orgId: string): Promise<string | null> {
  const [last] = await tx.$queryRaw<{ at: Date | null }[]>`
    select greatest(
      (select max(done_at) from ledger_maintenance where org_id = ${orgId}::uuid and kind = 'reconcile'),
      (select checked_at from ledger_check where org_id = ${orgId}::uuid)
    ) as at`;
  return last?.at?.toISOString() ?? null;
}

import type { Tx } from "@tollgate/db/with-tenant";

/**
 * When the organisation's roll-ups and counters were last compared with its events, by schedule or by request; null: not yet.
 * An organisation without new usage is compared once a day.
 */
export async function lastReconciled(tx: Tx, orgId: string): Promise<string | null> {
  const { _max } = await tx.ledgerMaintenance.aggregate({
    where: { orgId, kind: "reconcile" },
    _max: { doneAt: true },
  });
  const check = await tx.ledgerCheck.findUnique({ where: { orgId }, select: { checkedAt: true } });
  const [asked, checked] = [_max.doneAt, check?.checkedAt ?? null];
  const last = asked !== null && checked !== null && asked < checked ? checked : (asked ?? checked);
  return last?.toISOString() ?? null;
}

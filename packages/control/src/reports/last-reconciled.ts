import type { Tx } from "@tollgate/db/with-tenant";

/** When the organisation's roll-ups and counters were last compared with its events; null: not yet. */
export async function lastReconciled(tx: Tx, orgId: string): Promise<string | null> {
  const { _max } = await tx.ledgerMaintenance.aggregate({
    where: { orgId, kind: "reconcile" },
    _max: { doneAt: true },
  });
  return _max.doneAt?.toISOString() ?? null;
}

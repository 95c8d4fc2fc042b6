import type { Tx } from "@tollgate/db/with-tenant";

/**
 * For a credential whose secret or address has changed: hides its tasks, stops those that no proxy has begun, and deletes what
 * proxies have learnt with it. The rows of tasks stay and count towards the rate.
 */
export async function outdateTasks(tx: Tx, orgId: string, credentialId: string): Promise<void> {
  await tx.learntDifference.deleteMany({ where: { orgId, credentialId } });
  await tx.proxyTask.updateMany({ where: { orgId, credentialId, outdated: false }, data: { outdated: true } });
}

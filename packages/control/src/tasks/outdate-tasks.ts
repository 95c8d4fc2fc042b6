import type { Tx } from "@tollgate/db/with-tenant";

/**
 * Hides the tasks of a credential whose secret or address has changed, and stops those that no proxy has begun. The rows
 * stay and count towards the rate.
 */
export async function outdateTasks(tx: Tx, orgId: string, credentialId: string): Promise<void> {
  await tx.proxyTask.updateMany({ where: { orgId, credentialId, outdated: false }, data: { outdated: true } });
}

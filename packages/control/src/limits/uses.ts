import type { LimitScope } from "@tollgate/contracts/limit";
import type { Tx } from "@tollgate/db/with-tenant";

/** Names of the limits on this subject that prevent its deletion. */
export async function limitUses(tx: Tx, orgId: string, scope: LimitScope, subject: string): Promise<string[]> {
  const limits = await tx.limit.count({ where: { orgId, scope, subject } });
  return limits === 0 ? [] : [limits === 1 ? "1 limit" : `${limits} limits`];
}

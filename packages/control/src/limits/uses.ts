import type { LimitScope } from "@tollgate/contracts/limit";
import type { Tx } from "@tollgate/db/with-tenant";

/** How the limits that name this subject are called when they keep it from being deleted. */
export async function limitUses(tx: Tx, orgId: string, scope: LimitScope, subject: string): Promise<string[]> {
  const limits = await tx.spendLimit.count({ where: { orgId, scope, subject } });
  return limits === 0 ? [] : [limits === 1 ? "1 limit" : `${limits} limits`];
}

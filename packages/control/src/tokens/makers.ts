import type { Tx } from "@tollgate/db/with-tenant";

/** Names of the members who created these tokens. Former members are absent. */
export async function makersOf(tx: Tx, orgId: string, userIds: string[]): Promise<Map<string, string>> {
  const rows = await tx.membership.findMany({
    where: { orgId, userId: { in: userIds } },
    select: { userId: true, user: { select: { name: true } } },
  });
  return new Map(rows.map((row) => [row.userId, row.user.name]));
}

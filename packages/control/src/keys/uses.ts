import type { Tx } from "@tollgate/db/with-tenant";

type Owner = { teamId: string } | { memberId: string };

/** Names of the live keys of a team or member that prevent its deletion. */
export async function keyUses(tx: Tx, orgId: string, owner: Owner): Promise<string[]> {
  const live = { orgId, ...owner, state: { not: "revoked" } } as const;
  const keys = await tx.virtualKey.findMany({
    where: live,
    select: { name: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return keys.map(({ name }) => `the key ${name}`);
}

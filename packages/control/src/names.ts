import { isUuid } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";

export const NAMED = ["team", "member", "key", "model", "credential"] as const;
export type Named = (typeof NAMED)[number];

/** Each kind's ids, in any number; those that are no ids are passed over. */
export type Ids = Partial<Record<Named, Iterable<string | null>>>;

/** What people call these, by id, deleted ones too; the ids of a tenant never meet those of another. */
export async function namesOf(tx: Tx, orgId: string, ids: Ids): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const kind of NAMED) {
    const wanted = new Set([...(ids[kind] ?? [])].filter(isUuid));
    if (wanted.size === 0) continue;
    for (const { id, name } of await find(tx, kind, { orgId, id: { in: [...wanted] } })) names.set(id, name);
  }
  return names;
}

async function find(tx: Tx, kind: Named, where: { orgId: string; id: { in: string[] } }) {
  const query = { where, select: { id: true, name: true } };
  if (kind === "team") return tx.team.findMany(query);
  if (kind === "key") return tx.virtualKey.findMany(query);
  if (kind === "model") return tx.model.findMany(query);
  if (kind === "credential") return tx.credential.findMany(query);
  const members = await tx.membership.findMany({ where, select: { id: true, user: { select: { name: true } } } });
  return members.map(({ id, user }) => ({ id, name: user.name }));
}

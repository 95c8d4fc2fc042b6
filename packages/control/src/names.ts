import { isUuid } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";
import { deletedNames } from "./deleted-names.ts";

export const NAMED = ["team", "member", "key", "model", "credential"] as const;
export type Kind = (typeof NAMED)[number];

/** Ids by kind. Values that are not ids are ignored. */
export type Ids = Partial<Record<Kind, Iterable<string | null>>>;

export interface Named {
  /** The name; of a deleted object, its last name. */
  name: string;
  /** Whether it is deleted; for a key, whether it is revoked. */
  deleted: boolean;
}

/** Names by id, also of deleted objects. Only ids of the own organisation are found. */
export async function namesOf(tx: Tx, orgId: string, ids: Ids): Promise<Map<string, Named>> {
  const names = new Map<string, Named>();
  for (const kind of NAMED) {
    const wanted = new Set([...(ids[kind] ?? [])].filter(isUuid));
    if (wanted.size === 0) continue;
    for (const { id, name, deleted } of await find(tx, kind, { orgId, id: { in: [...wanted] } })) {
      names.set(id, { name, deleted });
      wanted.delete(id);
    }
    if (kind !== "team" && kind !== "member") continue;
    for (const [id, name] of await deletedNames(tx, orgId, kind, [...wanted])) names.set(id, { name, deleted: true });
  }
  return names;
}

type Found = Named & { id: string };

async function find(tx: Tx, kind: Kind, where: { orgId: string; id: { in: string[] } }): Promise<Found[]> {
  const select = { id: true, name: true } as const;
  if (kind === "team") {
    const teams = await tx.team.findMany({ where, select });
    return teams.map((team) => ({ ...team, deleted: false }));
  }
  if (kind === "member") {
    const members = await tx.membership.findMany({ where, select: { id: true, user: { select: { name: true } } } });
    return members.map(({ id, user }) => ({ id, name: user.name, deleted: false }));
  }
  if (kind === "key") {
    const keys = await tx.virtualKey.findMany({ where, select: { ...select, state: true } });
    return keys.map(({ state, ...key }) => ({ ...key, deleted: state === "revoked" }));
  }
  const query = { where, select: { ...select, deletedAt: true } };
  const rows = kind === "model" ? await tx.model.findMany(query) : await tx.credential.findMany(query);
  return rows.map(({ deletedAt, ...row }) => ({ ...row, deleted: deletedAt !== null }));
}

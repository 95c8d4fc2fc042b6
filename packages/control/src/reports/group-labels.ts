import { providerById } from "@tollgate/catalog/providers";
import { NIL_UUID } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";
import { namesOf } from "../names.ts";
import type { GROUPS } from "./schemas.ts";

const ABSENT = {
  team: "No team",
  member: "No member",
  key: "No key",
  provider: "No provider",
  model: "No model",
  none: "All",
};

interface Label {
  label: string;
  /** For a key: revoked. */
  deleted: boolean;
}

const standing = (label: string): Label => ({ label, deleted: false });

/** Models are grouped by the name that clients use. A name is deleted when only deleted models have it. */
async function deletedModels(tx: Tx, orgId: string, names: string[]): Promise<Set<string>> {
  const select = { name: true, deletedAt: true };
  const rows = await tx.model.findMany({ where: { orgId, name: { in: names } }, select });
  const there = new Set(rows.flatMap(({ name, deletedAt }) => (deletedAt === null ? [name] : [])));
  return new Set(rows.flatMap(({ name }) => (there.has(name) ? [] : [name])));
}

/** Names of the groups of a roll-up, by id. Without a known name, the id itself. */
export async function groupLabels(
  tx: Tx,
  orgId: string,
  groupBy: (typeof GROUPS)[number],
  ids: string[],
): Promise<(id: string) => Label> {
  const labels = new Map(["", NIL_UUID].map((id) => [id, standing(ABSENT[groupBy])]));
  if (groupBy === "provider")
    for (const id of ids) labels.set(id, standing(providerById(id)?.name ?? labels.get(id)?.label ?? id));
  if (groupBy === "model")
    for (const id of await deletedModels(tx, orgId, ids)) labels.set(id, { label: id, deleted: true });
  if (groupBy === "team" || groupBy === "member" || groupBy === "key")
    for (const [id, { name, deleted }] of await namesOf(tx, orgId, { [groupBy]: ids }))
      labels.set(id, { label: name, deleted });
  return (id) => labels.get(id) ?? standing(id);
}

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

/** What people call the groups of a roll-up; an id that is not in it has no name any more. */
export async function groupLabels(
  tx: Tx,
  orgId: string,
  groupBy: (typeof GROUPS)[number],
  ids: string[],
): Promise<Map<string, string>> {
  const labels = new Map([
    ["", ABSENT[groupBy]],
    [NIL_UUID, ABSENT[groupBy]],
  ]);
  if (groupBy === "provider") for (const id of ids) labels.set(id, providerById(id)?.name ?? labels.get(id) ?? id);
  if (groupBy !== "team" && groupBy !== "member" && groupBy !== "key") return labels;
  for (const [id, name] of await namesOf(tx, orgId, { [groupBy]: ids })) labels.set(id, name);
  return labels;
}

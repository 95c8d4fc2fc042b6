import type { RowErrors } from "../bulk/rows.ts";
import type { Work } from "../verb.ts";
import { keysInReach } from "./find.ts";
import { withOwners } from "./present.ts";

/** The keys with these ids, in their order. A key that the actor may not see is an error of its row. */
export async function bulkFind(work: Work<unknown>, ids: readonly string[], errors: RowErrors, field: string | null) {
  errors.refuseRepeats(ids, field);
  const rows = await work.tx.virtualKey.findMany({
    where: { ...keysInReach(work), id: { in: [...ids] } },
    include: withOwners,
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [row, id] of ids.entries()) if (!byId.has(id)) errors.add(row, field, "there is no such key");
  return ids.flatMap((id) => byId.get(id) ?? []);
}

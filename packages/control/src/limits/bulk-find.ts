import type { Tx } from "@tollgate/db/with-tenant";
import type { RowErrors } from "../bulk/rows.ts";
import type { LimitRow } from "./present.ts";

/** The limits with these ids, in their order. A limit that does not exist is an error of its row. */
export async function bulkFindLimits(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
  errors: RowErrors,
  field: string | null,
): Promise<LimitRow[]> {
  errors.refuseRepeats(ids, field);
  const rows = await tx.limit.findMany({ where: { orgId, id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [row, id] of ids.entries()) if (!byId.has(id)) errors.add(row, field, "there is no such limit");
  return ids.flatMap((id) => byId.get(id) ?? []);
}

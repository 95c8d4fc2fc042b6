import type { Tx } from "@tollgate/db/with-tenant";
import { type Figures, readings } from "./readings.ts";

/** Ids of the groups in a range, after the given one (null: from the first), at most so many. */
export async function groupsAfter(tx: Tx, asked: Figures, after: string | null, most: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select group_id as id from (${readings({ ...asked, slots: asked.slots.slice(0, 1) })}) as readings
    where ${after}::text is null or group_id > ${after} order by group_id limit ${most}`;
  return rows.map(({ id }) => id);
}

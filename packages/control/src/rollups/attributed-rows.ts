import { UNITS } from "@tollgate/catalog/units";
import { sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { ALL, type AttributedFigures, readUse, withoutValue } from "./attributed-figures.ts";
import { attributedReadings } from "./attributed-readings.ts";
import { ANY, NONE } from "./attribution-kinds.ts";
import { NO_USE, type SlotSums } from "./raw-sums.ts";
import { readSums } from "./sum-rows.ts";
import { COLUMNS, sumBySlot } from "./sums.ts";

/** Values in a range and the groups beside them, after the given one (null: from the first), by id and at most so many. */
export async function valuesAfter(
  tx: Tx,
  { value, kept: _, ...asked }: AttributedFigures,
  after: string | null,
  most: number,
): Promise<string[]> {
  const one = value === undefined ? {} : { only: sql`select ${value}` };
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select id from (
      select value as id from (${attributedReadings({ ...asked, ...one, slots: asked.slots.slice(0, 1) })}) as readings
      where value <> ${ANY}
      union all
      select ${NONE} where ${value === undefined}
    ) as ids
    where ${after}::text is null or id > ${after} order by id limit ${most}`;
  return rows.map(({ id }) => id);
}

/** The sums of some values and of the groups beside them, by slot. */
export async function attributedRows(
  tx: Tx,
  asked: AttributedFigures,
  ids: readonly string[],
  units = UNITS,
): Promise<SlotSums[]> {
  const { value: _, kept, ...question } = asked;
  const { rows, hasUse } = await readSums(
    tx,
    sql`select '' as part, slot, value as group_id, 0 as rank, 1 as groups, ${COLUMNS}
    from (${attributedReadings({ ...question, only: sql`select unnest(${[...ids, ANY]}::text[])` })}) as readings
    order by slot, value`,
  );
  const uses = hasUse ? await readUse(tx, asked, units) : null;
  const sums = rows.map((row) => ({ ...row, use: uses?.bySlot.get(`${row.slot} ${row.groupId}`) ?? NO_USE }));
  const named = sums.filter(({ groupId }) => groupId !== ANY);
  if (!ids.includes(NONE)) return named;
  const whole = await sumBySlot(tx, { ...question, ...ALL, kept }, units);
  const valued = new Map(sums.flatMap((row) => (row.groupId === ANY ? [[row.slot, row] as const] : [])));
  return [...named, ...withoutValue(whole, valued)].sort((a, b) => a.slot - b.slot);
}

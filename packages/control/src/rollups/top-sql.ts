import { type Sql, sql } from "@tollgate/db/query";
import { type Figures, readings, SLOTS_AT_ONCE } from "./readings.ts";
import { GROUP_KINDS } from "./roll-up-sql.ts";
import { COLUMNS, SUMS } from "./sums.ts";

/** Groups in the table of a report, and in its chart. The others are summed up. */
export const ROWS_MAX = 100;
export const SERIES_MAX = 11;
const RANK = sql`row_number() over (order by cost_nano desc, requests desc, group_id)`;

const amongSql = (ids: readonly string[] | null) => (ids ? { only: sql`select unnest(${ids}::text[])` } : {});

/** The columns of `readings` and `rank`: every group of the range, or those `among` the given ones. */
export const rankedSql = (asked: Figures, among: readonly string[] | null): Sql => sql`
  select readings.*, ${RANK} as rank
  from (${readings({ ...asked, slots: asked.slots.slice(0, 1), ...amongSql(among) })}) as readings`;

const isReadAtOnce = ({ groupBy, slots }: Figures): boolean =>
  GROUP_KINDS.includes(groupBy) && slots.length <= SLOTS_AT_ONCE;

/** Whether the period before is read with the slots: it is in the same roll-ups, and one statement more takes as long to plan. */
export const isReadTogether = (asked: Figures, beforeMs: number): boolean =>
  isReadAtOnce(asked) && (beforeMs >= asked.kept.hourMs || (asked.slots[0] ?? asked.toMs) < asked.kept.hourMs);

/** The groups of the chart, by rank. */
const SHOWN = sql`select group_id from ranked where rank <= ${SERIES_MAX} order by rank`;

/** Rows of `readings`: `ranked` has each group of the range, `series` those of the chart by slot, and `whole` all groups by slot. */
function partsOf(asked: Figures, among: readonly string[] | null, beforeMs: number | null): Sql {
  if (isReadAtOnce(asked)) {
    const slots = beforeMs === null ? asked.slots : [beforeMs, ...asked.slots];
    return sql`
  with figures as materialized (
    select slot - ${slots.length - asked.slots.length}::integer as at, readings.* from (${readings({ ...asked, slots })}) as readings
  ),
  ranked as materialized (
    select sums.*, ${RANK} as rank from (select group_id, ${SUMS} from figures where at >= 0 group by group_id) as sums
  ),
  series as (select * from figures where at >= 0 and group_id = any(array(${SHOWN}))),
  whole as (select at, ${SUMS} from figures group by at)`;
  }
  return sql`
  with ranked as materialized (${rankedSql(asked, among)}),
  series as (select slot as at, readings.* from (${readings({ ...asked, only: SHOWN })}) as readings),
  whole as (select slot as at, readings.* from (${readings({ ...asked, groupBy: "none" })}) as readings)`;
}

/**
 * SQL of rows of `readSums`. `part`: a group of the table (rank `ROWS_MAX + 1` is all others), a group of the chart in a slot, by its
 * rank, or all groups in a slot. It is one statement, so that table, chart and total are of one snapshot. With `beforeMs`, where the
 * period before begins, it is read, too, as slot -1, if few groups are.
 */
export const topSql = (
  asked: Figures,
  among: readonly string[] | null = null,
  beforeMs: number | null = null,
): Sql => sql`
  ${partsOf(asked, among, beforeMs)}
  select 'row' as part, 0 as slot, min(group_id) as group_id, least(rank, ${ROWS_MAX + 1})::integer as rank,
    count(*)::integer as groups, ${SUMS}
  from ranked group by 4
  union all
  select 'series', at, '', array_position(array(${SHOWN}), group_id), 1, ${COLUMNS} from series
  union all
  select 'all', at, '', 0, 0, ${COLUMNS} from whole
  order by slot, rank`;

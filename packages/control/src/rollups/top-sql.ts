import { type Sql, sql } from "@tollgate/db/query";
import { type Figures, readings, SLOTS_AT_ONCE } from "./readings.ts";
import { GROUP_KINDS } from "./roll-up-sql.ts";
import { COLUMNS, SUM_COLUMNS, SUMS, type SumRow } from "./sums.ts";

/** Groups in the table of a report, and in its chart. The others are summed up. */
export const ROWS_MAX = 100;
export const SERIES_MAX = 11;
/**
 * `part`: a group of the table (rank `ROWS_MAX + 1` is all others), a group of the chart in a slot, or all groups in a slot. The period
 * before is slot -1.
 */
export type TopRow = SumRow & {
  part: "row" | "series" | "all";
  slot: number;
  rank: number;
  groupId: string;
  groups: number;
};

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
  series as (
    select * from figures where at >= 0 and group_id in (select group_id from ranked where rank <= ${SERIES_MAX})
  ),
  whole as (select at, ${SUMS} from figures group by at)`;
  }
  const shown = sql`select group_id from ranked where rank <= ${SERIES_MAX}`;
  return sql`
  with ranked as materialized (${rankedSql(asked, among)}),
  series as (select slot as at, readings.* from (${readings({ ...asked, only: shown })}) as readings),
  whole as (select slot as at, readings.* from (${readings({ ...asked, groupBy: "none" })}) as readings)`;
}

/**
 * One statement, so that table, chart and total are of one snapshot. With `beforeMs`, where the period before begins, it is read, too,
 * if few groups are.
 */
export const topSql = (
  asked: Figures,
  among: readonly string[] | null = null,
  beforeMs: number | null = null,
): Sql => sql`
  ${partsOf(asked, among, beforeMs)}
  select 'row' as part, 0 as slot, least(rank, ${ROWS_MAX + 1})::integer as rank, min(group_id) as "groupId",
    count(*)::integer as groups, ${SUM_COLUMNS}
  from ranked group by 3
  union all
  select 'series', at, 0, group_id, 1, ${COLUMNS} from series
  union all
  select 'all', at, 0, '', 0, ${COLUMNS} from whole
  order by 1, 2, 3, 4`;

import { perUnits, UNITS, type Units } from "@tollgate/catalog/units";
import { attributed, attributionRollUps } from "./attribution-sql.ts";
import { RARE, type RollUp, SLOT, SLOT_OF_ROW } from "./roll-up.ts";
import type { Interval } from "./slots.ts";
import { addToTouched } from "./touched.ts";
import { type UnitSql, unitSql } from "./unit-sql.ts";

const NIL = "'00000000-0000-0000-0000-000000000000'::uuid";

/** Same as `statusClass` in contracts. */
const STATUS_CLASS = "case when status = 499 then '499' else (status / 100)::text || 'xx' end";

/** Table expressions of a statement that adds lines to roll-ups: rows by minute, and rows by hour, computed from those. */
const ROWS_BY = { minute: "minutes", hour: "hours" };

const slice = (unit: Interval, { sums: unitSums, useSum }: UnitSql): RollUp => {
  const keys = {
    org_id: "org_id",
    slot: SLOT[unit],
    team_id: `coalesce(team_id, ${NIL})`,
    member_id: `coalesce(member_id, ${NIL})`,
    key_id: "key_id",
    model: "model",
    provider: "coalesce(provider, '')",
    status_class: STATUS_CLASS,
  };
  const sums = {
    requests: "sum(requests)",
    cache_hits: "coalesce(sum(requests) filter (where cache = 'hit'), 0)",
    unpriced: "sum(unpriced)",
    ...unitSums,
    cost_nano: "sum(cost_nano)",
  };
  const rows = {
    ...Object.fromEntries(Object.keys(keys).map((key) => [key, key])),
    slot: SLOT_OF_ROW[unit],
    ...Object.fromEntries(Object.keys(sums).map((sum) => [sum, `sum(${sum})`])),
    ...Object.fromEntries(Object.keys(RARE).map((sum) => [sum, `nullif(sum(${sum}), 0)`])),
    use: useSum,
  };
  const listed = (values: Record<string, string>): string =>
    Object.entries(values)
      .map(([name, value]) => `${value} as ${name}`)
      .join(", ");
  return {
    table: `usage_${unit}`,
    bucket: unit,
    keys: Object.keys(keys),
    sums: Object.keys(sums),
    rare: Object.keys(RARE),
    hasUse: true,
    ...(unit === "day" ? { byHour: "usage_hour" } : {}),
    select: (source) => `
      select ${listed({ ...keys, ...sums, ...RARE, use: useSum })} from ${source} group by 1, 2, 3, 4, 5, 6, 7, 8`,
    ...(unit !== "minute" && {
      selectFromFiner: `select ${listed(rows)} from ${unit === "hour" ? ROWS_BY.minute : ROWS_BY.hour} group by 1, 2, 3, 4, 5, 6, 7, 8`,
    }),
  };
};

/** The kinds of groups, each with the column of the slices. Keys and members are many: they are read from the slices. */
const GROUPS = { model: "model", provider: "provider", team: "team_id::text" };
export const GROUP_KINDS: readonly string[] = Object.keys(GROUPS);

const groupsOf = (slices: string, { useSum }: UnitSql): string => `
    select org_id, kind, slot, group_id, sum(requests),
      coalesce(sum(requests) filter (where status_class in ('4xx', '5xx')), 0), sum(cache_hits), sum(unpriced),
      sum(input_tokens), sum(output_tokens), sum(cost_nano), ${useSum}
    from ${slices}
    cross join lateral (
      values ${Object.entries(GROUPS)
        .map(([kind, column]) => `('${kind}', ${column})`)
        .join(", ")}
    ) as groups (kind, group_id)
    group by 1, 2, 3, 4`;

/** Sums by one dimension with few values, which pages read most. Computed from hourly slices, which are fewer than lines. */
const group = (sql: UnitSql): RollUp => ({
  table: "usage_group",
  bucket: "hour",
  keys: ["org_id", "kind", "slot", "group_id"],
  sums: ["requests", "errors", "cache_hits", "unpriced", "input_tokens", "output_tokens", "cost_nano"],
  rare: [],
  hasUse: true,
  select: (source) => groupsOf(`(${slice("hour", sql).select(source)}) as slices`, sql),
  selectFromFiner: groupsOf(ROWS_BY.hour, sql),
});

/** Buckets of a quarter octave. The first holds all under 1 ms, the last all over 18 minutes. */
const latency: RollUp = {
  table: "usage_latency",
  bucket: "hour",
  keys: ["org_id", "slot", "model", "provider", "kind", "bucket"],
  sums: ["count"],
  rare: [],
  hasUse: false,
  select: (source) => `
    select org_id, ${SLOT.hour}, '', '', kind,
      least(greatest(floor(4 * ln(greatest(ms, 1)) / ln(2)), 0), 80)::integer, count(*)
    from ${source}
    cross join lateral (values ('total', total_ms), ('first_token', first_token_ms)) as timings (kind, ms)
    where ms is not null and outcome <> 'refused' and requests = 1
    group by 1, 2, 3, 4, 5, 6`,
};

export const rollUpsOf = perUnits((units): readonly RollUp[] => {
  const sql = unitSql(units);
  return [
    slice("minute", sql),
    slice("hour", sql),
    slice("day", sql),
    group(sql),
    ...attributionRollUps(units),
    latency,
  ];
});

/** Its columns, in the order of `select`. */
export const columnsOf = ({ keys, sums, rare, hasUse }: RollUp): string =>
  [...keys, ...sums, ...rare, ...(hasUse ? ["use"] : [])].join(", ");

/** SQL that adds the table expression `lines` to a roll-up. The rows are sorted, so two such statements cannot deadlock. */
function addToRollUp(rollUp: RollUp, units: Units): string {
  const { table, keys, sums, rare, hasUse, select, selectFromFiner = select("lines") } = rollUp;
  const set = sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`);
  for (const sum of rare) set.push(`${sum} = nullif(coalesce(${table}.${sum}, 0) + coalesce(excluded.${sum}, 0), 0)`);
  if (hasUse) set.push(`use = ${unitSql(units).added(`${table}.use`, "excluded.use")}`);
  return `
  insert into ${table} (${columnsOf(rollUp)})
  ${selectFromFiner} order by ${keys.map((_, index) => index + 1).join(", ")}
  on conflict (${keys.join(", ")}) do update set ${set.join(", ")}`;
}

/** SQL of the rows of a roll-up, from the lines of the table `lines`. */
export const rowsOf = ({ keys, select }: RollUp, units = UNITS): string =>
  `with ${attributed(units)} ${select("lines")} order by ${keys.map((_, index) => index + 1).join(", ")}`;

/** SQL of common table expressions that add the lines of the expression `lines` to roll-ups. */
export function addLines(units: Units, rollUps: readonly RollUp[]): string {
  const sql = unitSql(units);
  return [
    attributed(units),
    `${ROWS_BY.minute} as (${slice("minute", sql).select("lines")})`,
    `${ROWS_BY.hour} as (${slice("hour", sql).selectFromFiner})`,
    ...rollUps.map((rollUp) => `added_to_${rollUp.table} as (${addToRollUp(rollUp, units)})`),
  ].join(", ");
}

/** The same for every roll-up. It records their hours for the next check. */
export const addToRollUps = (units = UNITS): string =>
  `${addLines(units, rollUpsOf(units))}, touched as (${addToTouched(ROWS_BY.hour)})`;

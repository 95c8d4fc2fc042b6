import { perUnits, UNITS, type Units } from "@tollgate/catalog/units";
import { attributed, attributionRollUps } from "./attribution-sql.ts";
import { RARE, type RollUp, SLOT } from "./roll-up.ts";
import type { Interval } from "./slots.ts";
import { addToTouched } from "./touched.ts";
import { type UnitSql, unitSql } from "./unit-sql.ts";

const NIL = "'00000000-0000-0000-0000-000000000000'::uuid";

/** Same as `statusClass` in contracts. */
const STATUS_CLASS = "case when status = 499 then '499' else (status / 100)::text || 'xx' end";

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
  return {
    table: `usage_${unit}`,
    bucket: unit,
    keys: Object.keys(keys),
    sums: Object.keys(sums),
    rare: Object.keys(RARE),
    hasUse: true,
    ...(unit === "day" ? { byHour: "usage_hour" } : {}),
    select: (source) => `
      select ${Object.entries({ ...keys, ...sums, ...RARE, use: useSum })
        .map(([name, value]) => `${value} as ${name}`)
        .join(", ")}
      from ${source} group by 1, 2, 3, 4, 5, 6, 7, 8`,
  };
};

/** The kinds of groups, each with the column of the slices. Keys and members are many: they are read from the slices. */
const GROUPS = { model: "model", provider: "provider", team: "team_id::text" };
export const GROUP_KINDS: readonly string[] = Object.keys(GROUPS);

/** Sums by one dimension with few values, which pages read most. Computed from hourly slices, which are fewer than lines. */
const group = (sql: UnitSql): RollUp => ({
  table: "usage_group",
  bucket: "hour",
  keys: ["org_id", "kind", "slot", "group_id"],
  sums: ["requests", "errors", "cache_hits", "unpriced", "input_tokens", "output_tokens", "cost_nano"],
  rare: [],
  hasUse: true,
  select: (source) => `
    select org_id, kind, slot, group_id, sum(requests),
      coalesce(sum(requests) filter (where status_class in ('4xx', '5xx')), 0), sum(cache_hits), sum(unpriced),
      sum(input_tokens), sum(output_tokens), sum(cost_nano), ${sql.useSum}
    from (${slice("hour", sql).select(source)}) as slices
    cross join lateral (
      values ${Object.entries(GROUPS)
        .map(([kind, column]) => `('${kind}', ${column})`)
        .join(", ")}
    ) as groups (kind, group_id)
    group by 1, 2, 3, 4`,
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

/** SQL that adds the lines of `source` to a roll-up. The rows are sorted, so two such statements cannot deadlock. */
export function addToRollUp(rollUp: RollUp, source: string, units = UNITS): string {
  const { table, keys, sums, rare, hasUse, select } = rollUp;
  const set = sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`);
  for (const sum of rare) set.push(`${sum} = nullif(coalesce(${table}.${sum}, 0) + coalesce(excluded.${sum}, 0), 0)`);
  if (hasUse) set.push(`use = ${unitSql(units).added(`${table}.use`, "excluded.use")}`);
  return `
  insert into ${table} (${columnsOf(rollUp)})
  ${select(source)} order by ${keys.map((_, index) => index + 1).join(", ")}
  on conflict (${keys.join(", ")}) do update set ${set.join(", ")}`;
}

/** SQL of the rows of a roll-up, from the lines of the table `lines`. */
export const rowsOf = ({ keys, select }: RollUp, units = UNITS): string =>
  `with ${attributed(units)} ${select("lines")} order by ${keys.map((_, index) => index + 1).join(", ")}`;

/** SQL of common table expressions that add the lines of the expression `lines` to roll-ups. */
export const addLines = (units: Units, rollUps: readonly RollUp[]): string =>
  [
    attributed(units),
    ...rollUps.map((rollUp) => `added_to_${rollUp.table} as (${addToRollUp(rollUp, "lines", units)})`),
  ].join(", ");

/** The same for every roll-up. It records their hours for the next check. */
export const addToRollUps = (units = UNITS): string =>
  `${addLines(units, rollUpsOf(units))}, touched as (${addToTouched("lines")})`;

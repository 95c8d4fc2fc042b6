import { perUnits } from "@tollgate/catalog/units";
import { ANY, ATTRIBUTION_KINDS, UNREGISTERED, VALUES_MAX, valuesMax } from "./attribution-kinds.ts";
import { RARE, type RollUp, SLOT } from "./roll-up.ts";
import { unitSql } from "./unit-sql.ts";

/**
 * SQL of the values of a line: `kind, value, is_any`. Once more with `is_any` for each kind, which counts a line with several tags
 * once.
 */
const VALUES = `
  select kind, value, is_any
  from (values ('customer', customer), ('session', session), ('end_user', end_user), ('cost_centre', cost_centre)) as named (kind, value),
    (values (false), (true)) as sums (is_any)
  where value is not null
  union all
  select 'tag', tag.key || '=' || tag.value, false from jsonb_each_text(tags) as tag
  union all
  select 'tag', '', true where tags <> '{}'`;

/** Most lines have none, and cost nothing more than this. */
const HAS_VALUES =
  "customer is not null or session is not null or end_user is not null or cost_centre is not null or tags <> '{}'";

/** The month (UTC) of a line's event, in which its values are registered, whenever the line is booked. */
const MONTH = "date_trunc('month', at)::date";

const MOST = `case kind ${ATTRIBUTION_KINDS.map((kind) => `when '${kind}' then ${valuesMax(kind, VALUES_MAX)}`).join(" ")} end`;

/**
 * SQL that registers the values of the lines in the order of their events. Only lines from before the upgrade have values that ingest
 * has not registered, so a month that begins here has the default bound.
 */
export const registerLines = (lines: string): string => `
  select register_values(array_agg(org_id order by n), array_agg(kind order by n), array_agg(month order by n),
    array_agg(value order by n), array_agg(${MOST} order by n))
  from (
    select org_id, kind, month, value, row_number() over (order by min(at), kind, value) as n
    from (
      select org_id, at, ${MONTH} as month, named.* from ${lines} cross join lateral (${VALUES}) as named
      where (${HAS_VALUES}) and requests = 1
    ) as valued
    where not is_any group by org_id, kind, month, value
  ) as distinct_values
  having count(*) > 0`;

const SUMS = ["requests", "errors", "cache_hits", "unpriced", "input_tokens", "output_tokens", "cost_nano"];
const RARE_SUMS = Object.keys(RARE);

/** The table expression that the roll-ups are read from: the sums by hour of the table expression `lines`. */
export const attributed = perUnits(
  (units) => `attributed as (
  select line.org_id, named.kind, ${SLOT.hour} as slot,
    case when named.is_any then '${ANY}' when registered.value is null then '${UNREGISTERED}' else named.value end as value,
    sum(requests) as requests, coalesce(sum(requests) filter (where status between 400 and 599 and status <> 499), 0) as errors,
    coalesce(sum(requests) filter (where cache = 'hit'), 0) as cache_hits, sum(unpriced) as unpriced,
    sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cost_nano) as cost_nano,
    ${Object.entries(RARE)
      .map(([name, sum]) => `${sum} as ${name}`)
      .join(", ")}, ${unitSql(units).useSum} as use
  from lines as line
  cross join lateral (${VALUES}) as named
  left join usage_value as registered on registered.org_id = line.org_id and registered.kind = named.kind
    and registered.month = ${MONTH} and registered.value = named.value and not named.is_any
  where ${HAS_VALUES}
  group by 1, 2, 3, 4)`,
);

const rollUp = (bucket: "hour" | "day", select: string): RollUp => ({
  table: `usage_attribution_${bucket}`,
  bucket,
  keys: ["org_id", "kind", "slot", "value"],
  sums: SUMS,
  rare: RARE_SUMS,
  hasUse: true,
  ...(bucket === "day" ? { byHour: "usage_attribution_hour" } : {}),
  select: () => select,
});

export const attributionRollUps = perUnits((units): readonly RollUp[] => [
  rollUp("hour", `select org_id, kind, slot, value, ${[...SUMS, ...RARE_SUMS].join(", ")}, use from attributed`),
  rollUp(
    "day",
    `select org_id, kind, date_trunc('day', slot), value, ${SUMS.map((sum) => `sum(${sum})`).join(", ")},
      ${RARE_SUMS.map((sum) => `nullif(coalesce(sum(${sum}), 0), 0)`).join(", ")}, ${unitSql(units).useSum}
    from attributed group by 1, 2, 3, 4`,
  ),
]);

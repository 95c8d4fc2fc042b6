import type { Units } from "@tollgate/catalog/units";
import { empty, join, raw, type Sql, sql } from "@tollgate/db/query";
import { arrayText, instantsText } from "./array-text.ts";
import { attributedPieces } from "./attributed-pieces.ts";
import type { AttributionKind } from "./attribution-kinds.ts";
import { unitSql } from "./unit-sql.ts";

/** A query of the roll-ups of attribution. */
export interface AttributedQuestion {
  orgId: string;
  kind: AttributionKind;
  /** Starts of the slots, ascending; the last ends at `toMs`. All are bounds of hourly slots. */
  slots: readonly number[];
  toMs: number;
  /** A query of the only values to read; absent: all, and the sums of several. */
  only?: Sql;
}

const TABLES = { day: sql`usage_attribution_day`, hour: sql`usage_attribution_hour` };

function read({ orgId, kind, slots, toMs, only }: AttributedQuestion, sums: Sql, where: Sql): Sql {
  const pieces = attributedPieces([...slots, toMs]);
  const parts = (["day", "hour"] as const).map(
    (unit) => sql`
    select piece.slot, piece.sign, sums.*
    from unnest(
      ${arrayText(pieces[unit].map(({ slot }) => slot))}::integer[],
      ${arrayText(pieces[unit].map(({ sign }) => sign))}::integer[],
      ${instantsText(pieces[unit].map(({ fromMs }) => fromMs))}::timestamptz[],
      ${instantsText(pieces[unit].map(({ toMs }) => toMs))}::timestamptz[]
    ) as piece (slot, sign, since, until)
    cross join lateral (
      select value, ${sums} from ${TABLES[unit]}
      where org_id = ${orgId}::uuid and kind = ${kind} and slot >= piece.since and slot < piece.until
        ${only ? sql`and value = any(array(${only}))` : empty} ${where}
      group by value
    ) as sums`,
  );
  return join(parts, " union all ");
}

const COUNTS = ["requests", "errors", "unpriced", "cache_hits", "input_tokens", "output_tokens"];
const SUMS = raw(`sum(cost_nano) as cost_nano, ${COUNTS.map((name) => `sum(${name}::float8) as ${name}`).join(", ")},
  count(use) > 0 as has_use`);
const SIGNED = raw(["cost_nano", ...COUNTS].map((name) => `sum(sign * ${name}) as ${name}`).join(", "));

/** SQL of rows `slot, value, cost_nano, requests, …`, one for each value in each slot that has any. */
export const attributedReadings = (asked: AttributedQuestion): Sql => sql`
  select slot, value, ${SIGNED}, bool_or(has_use) as has_use from (${read(asked, SUMS, empty)}) as parts
  group by slot, value
  having sum(sign * requests) <> 0 or sum(sign * cost_nano) <> 0 or sum(sign * unpriced) <> 0`;

/** SQL of rows `slot, value, "<unit>", …`: the units that have no column in the ledger. */
export const attributedUse = (asked: AttributedQuestion, units: Units): Sql => {
  const { others, otherSums } = unitSql(units);
  const signed = raw(others.map((id) => `sum(sign * "${id}")::float8 as "${id}"`).join(", "));
  return sql`
  select slot, value, ${signed} from (${read(asked, raw(otherSums), sql`and use is not null`)}) as parts group by slot, value`;
};

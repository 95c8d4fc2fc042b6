import type { Units } from "@tollgate/catalog/units";
import { join, raw, type Sql, sql } from "@tollgate/db/query";
import { arrayText, instantsText } from "./array-text.ts";
import type { Kept } from "./kept.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { SLOT_MS } from "./slots.ts";
import { narrow, type Question, type Source, slices } from "./sources.ts";
import { SPANS, type Span, startsOf } from "./spans.ts";
import { unitSql } from "./unit-sql.ts";

/** A query of the roll-ups. */
export interface Figures extends Question {
  orgId: string;
  /** Starts of the slots, ascending; the last ends at `toMs`. */
  slots: readonly number[];
  toMs: number;
  kept: Kept;
}

const COUNTS = ["requests", "unpriced", "cache_hits", "input_tokens", "output_tokens"] as const;

/** The columns of a source, summed by group. */
const allSums = ({ group, errors, hasUse, isSummed }: Source): Sql =>
  isSummed
    ? sql`select ${group} as group_id, cost_nano, errors::float8, ${raw(COUNTS.map((name) => `${name}::float8`).join(", "))},
        ${hasUse} as has_use`
    : sql`select ${group} as group_id, sum(cost_nano) as cost_nano, coalesce(${errors}, 0) as errors,
        ${raw(COUNTS.map((name) => `sum(${name}::float8) as ${name}`).join(", "))}, bool_or(${hasUse}) as has_use`;

/** A slot to which a range is added, or from which it is subtracted, as one number. */
const useOf = ({ slot, sign }: Piece): number => slot * 2 + (sign === 1 ? 0 : 1);

/**
 * Reads piece by piece, each an index range: Postgres would sort the rows of one large range before it sums them. Hours that one
 * slot adds and the next one subtracts are read once, and their sums are repeated. There is no join: Postgres estimates few rows,
 * and would compare each slot with every sum.
 */
function read(orgId: string, pieces: readonly Piece[], { table, where, span, isSummed }: Source, sums: Sql): Sql {
  const parts = pieces.flatMap((piece) =>
    (span ? startsOf(span === "month" ? "month" : "total", piece.fromMs, piece.toMs) : [piece.fromMs]).map((since) => ({
      since,
      until: piece.toMs,
      use: useOf(piece),
    })),
  );
  const ranges = [...Map.groupBy(parts, ({ since, until }) => (span ? `${since}` : `${since} ${until}`)).values()];
  // Nearly all ranges have one use. With several, Postgres sums a range before it repeats it: it expects more uses than there are.
  const isOnce = ranges.every((same) => same.length === 1);
  const uses = isOnce
    ? sql`${arrayText(ranges.flatMap((same) => same.map(({ use }) => use)))}::integer[]`
    : sql`${arrayText(ranges.map((same) => `"{${same.map(({ use }) => use).join(",")}}"`))}::text[]`;
  return sql`
  select used.use >> 1 as slot, 1 - 2 * (used.use & 1) as sign, sums.*
  from unnest(
    ${instantsText(ranges.map(([first]) => first?.since ?? 0))}::timestamptz[],
    ${instantsText(ranges.map(([first]) => first?.until ?? 0))}::timestamptz[], ${uses}
  ) as range(since, until, uses)
  cross join lateral (
    ${sums}
    from ${table}
    where org_id = ${orgId}::uuid
      and ${span ? sql`span = ${span} and slot = range.since` : sql`slot >= range.since and slot < range.until`} ${where}
    ${isSummed ? sql`offset 0` : sql`group by 1`} -- Each range is read by itself.
  ) as sums
  cross join lateral ${isOnce ? sql`(select range.uses)` : sql`unnest(range.uses::integer[])`} as used(use)`;
}

/** Up to so many slots, dimensions with few values are read at once, which plans and reads less than a ranking of its own. */
export const SLOTS_AT_ONCE = 200;

const MONTH_MS = 28 * SLOT_MS.day;

/**
 * How a query reads its range. Days of which there are totals are read from these. Other days are read by hour where a dimension
 * has few values, and else from the daily roll-up; of older figures there is only that.
 */
function planOf(asked: Figures) {
  const { slots, toMs, kept } = asked;
  const fromMs = slots[0] ?? toMs;
  const hasGroups = narrow("hour", asked) !== null && fromMs >= kept.hourMs;
  const isLong = (toMs - fromMs) / slots.length >= MONTH_MS;
  const totals: Span[] = narrow("total", asked) === null ? [] : isLong ? ["total", "month"] : ["total"];
  const spans: Span[] = ["hour", ...(hasGroups ? [] : (["day"] as const)), ...totals];
  const sourceOf = (span: Span): Source => {
    if (span === "minute" || span === "day" || (span === "hour" && !hasGroups)) return slices(span, asked);
    return narrow(span, asked) ?? slices("day", asked);
  };
  return { spans, sourceOf };
}

type Plan = ReturnType<typeof planOf>;

/** A query's pieces, for costs alone. */
interface CostPieces {
  /** The totals that it uses. */
  totals: { span: string; slotMs: number; sign: 1 | -1 }[];
  /** SQL of rows `slot, sign, group_id, cost_nano` from its other roll-ups; null: there is none. */
  others: Sql | null;
  /** Whether a piece is subtracted. */
  subtracts: boolean;
}

export function costPieces(asked: Figures): CostPieces {
  const { spans } = planOf(asked);
  const { orgId, slots, toMs, kept } = asked;
  const pieces = piecesOf([...slots, toMs], { spans, kept, totals: kept, subtract: true });
  const totals = (["total", "month"] as const).flatMap((span) =>
    pieces[span].flatMap(({ sign, fromMs, toMs }) =>
      startsOf(span, fromMs, toMs).map((slotMs) => ({ sign, slotMs, span: span === "total" ? "day" : "month" })),
    ),
  );
  const others = (["minute", "hour", "day"] as const).flatMap((span) => {
    const source = slices(span, asked);
    const sums = sql`select ${source.group} as group_id, sum(cost_nano) as cost_nano`;
    return pieces[span].length > 0 ? [read(orgId, pieces[span], source, sums)] : [];
  });
  const subtracts = Object.values(pieces).some((all) => all.some(({ sign }) => sign === -1));
  return { totals, others: others.length > 0 ? join(others, " union all ") : null, subtracts };
}

function parts({ orgId, slots, toMs, kept }: Figures, { spans, sourceOf }: Plan, sums: (source: Source) => Sql): Sql {
  const pieces = piecesOf([...slots, toMs], { spans, kept, totals: kept, subtract: true });
  const used = SPANS.filter((span) => pieces[span].length > 0);
  const parts = (used.length > 0 ? used : (["day"] as const)).map((span) => {
    const source = sourceOf(span);
    return read(orgId, pieces[span], source, sums(source));
  });
  return join(parts, " union all ");
}

/**
 * SQL of rows `slot, group_id, cost_nano, requests, …`, one for each group in each slot that has any. `has_use`: there may be rows
 * of `useReadings`.
 */
export const readings = (asked: Figures): Sql => sql`
  select slot, group_id, sum(case sign when 1 then cost_nano else -cost_nano end) as cost_nano,
    sum(sign * errors) as errors, ${raw(COUNTS.map((name) => `sum(sign * ${name}) as ${name}`).join(", "))},
    bool_or(has_use) as has_use
  from (${parts(asked, planOf(asked), allSums)}) as parts
  group by 1, 2
  having sum(sign * requests) <> 0 or sum(case sign when 1 then cost_nano else -cost_nano end) <> 0
    or sum(sign * unpriced) <> 0`;

/** SQL of rows `slot, sign, group_id, "<unit>", …`: the units that have no column in the ledger. The caller sums them. */
export function useReadings(asked: Figures, units: Units): Sql {
  const withoutTotals = { ...asked, kept: { ...asked.kept, openMs: Number.NEGATIVE_INFINITY } };
  const { spans, sourceOf } = planOf(withoutTotals);
  const withUse = (span: Span): Source => {
    const source = sourceOf(span);
    return { ...source, where: sql`${source.where} and use is not null` };
  };
  return parts(
    withoutTotals,
    { spans, sourceOf: withUse },
    ({ group }) => sql`select ${group} as group_id, ${raw(unitSql(units).otherSums)}`,
  );
}

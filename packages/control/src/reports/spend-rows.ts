import { UNITS, type Units } from "@tollgate/catalog/units";
import type { Spend } from "./schemas.ts";

/** A decimal number as text, to the nano-dollar. */
interface Decimal {
  decimal: string;
}

type Cell = string | number | Decimal;

const HEAD = [
  "slot",
  "group_id",
  "group",
  "cost_usd",
  "requests",
  "errors",
  "unpriced",
  "cache_hits",
  "input_tokens",
  "output_tokens",
  "deleted",
];

const nameOf = (unit: string): string => unit.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The chart's series as the rows of a table, with a head: the sum of `cost_usd` is the page's total. Units other than tokens
 * have a column each, after the others, if they were used in the range.
 */
export function spendRows({ groups, series, total }: Spend, units: Units = UNITS): Cell[][] {
  const known = new Map(groups.map((group) => [group.id, group]));
  const used = units.flatMap(({ id }) => (total.use[id] ? [id] : []));
  const rows = series.map((row) => [
    row.slot,
    row.groupId,
    known.get(row.groupId)?.label ?? "",
    { decimal: row.costUsd },
    row.requests,
    row.errors,
    row.unpriced,
    row.cacheHits,
    row.inputTokens,
    row.outputTokens,
    known.get(row.groupId)?.deleted ? "yes" : "no",
    ...used.map((unit) => row.use[unit] ?? 0),
  ]);
  return [[...HEAD, ...used.map(nameOf)], ...rows];
}

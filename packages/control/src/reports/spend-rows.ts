import { UNITS, type Units } from "@tollgate/catalog/units";
import type { SpendRows } from "./schemas.ts";

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

/** Units other than tokens that were used in a range. They have a column each, after the others. */
export const usedUnits = ({ use }: { use: Readonly<Record<string, number>> }, units: Units = UNITS): string[] =>
  units.flatMap(({ id }) => (use[id] ? [id] : []));

export const headOf = (used: readonly string[]): string[] => [...HEAD, ...used.map(nameOf)];

/** The cells of one row of an export, in the order of `headOf`. */
export const cellsOf = (row: SpendRows["rows"][number], used: readonly string[]): Cell[] => [
  row.slot,
  row.groupId,
  row.label,
  { decimal: row.costUsd },
  row.requests,
  row.errors,
  row.unpriced,
  row.cacheHits,
  row.inputTokens,
  row.outputTokens,
  row.deleted ? "yes" : "no",
  ...used.map((unit) => row.use[unit] ?? 0),
];

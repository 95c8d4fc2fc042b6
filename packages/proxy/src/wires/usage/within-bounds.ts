import { type PartUnit, partsOf, perUnits, UNITS, type Units, wholesOf } from "@tollgate/catalog/units";
import type { Use } from "@tollgate/contracts/usage-event";

export interface UsageCap {
  /** The most tokens that the call can have used. A report of more than twice as many is cut to it. Null: unknown. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** A report of more is charged as it is, and flagged. Absent: the same as the most. */
  expectedInput?: number | null;
  expectedOutput?: number | null;
}

/** No call uses more of a unit. A larger count is a provider's error. */
export const UNITS_MAX = 10_000_000;

/** For each whole unit: lists of its parts that do not overlap. */
const disjoint = perUnits((units) =>
  wholesOf(units).flatMap(({ id }) =>
    [...Map.groupBy(partsOf(units, id), ({ kind }: PartUnit) => kind).values()].map((parts) => ({
      whole: id,
      parts: parts.map((part) => part.id),
    })),
  ),
);

const largest = perUnits((units) =>
  wholesOf(units)
    .filter(({ id }) => id !== "input" && id !== "output")
    .map(({ id, max = UNITS_MAX }) => ({ id, max })),
);

const within = (count: number, cap: number | null): number =>
  count > 2 * (cap ?? UNITS_MAX / 2) ? (cap ?? UNITS_MAX) : count;

/**
 * Clamps a use: parts larger than their whole, and counts of more than twice the cap. Returns the same object if
 * nothing changes.
 */
export function withinBounds(read: Use, cap: UsageCap, units: Units = UNITS): Use {
  let use = read;
  const set = (unit: string, amount: number): void => {
    if (use[unit] === amount) return;
    if (use === read) use = { ...read };
    use[unit] = amount;
  };
  set("input", within(read.input, cap.inputTokens));
  set("output", within(read.output, cap.outputTokens));
  for (const { id, max } of largest(units)) if ((use[id] ?? 0) > max) set(id, max);
  for (const { whole, parts } of disjoint(units)) {
    let left = use[whole] ?? 0;
    for (const part of parts) {
      const amount = use[part];
      if (!amount) continue;
      if (amount > left) set(part, left);
      left -= Math.min(amount, left);
    }
  }
  return use;
}

import type { Spend } from "@tollgate/control/reports/schemas";
import type { SpendRow } from "./spend-table.tsx";

/** The groups with the highest cost, and all others in one row. */
export function spendTableRows({ rows, other }: Spend): SpendRow[] {
  const ranked = rows.map((row, rank) => ({ ...row, rank }));
  if (!other) return ranked;
  const { groups, ...sums } = other;
  return [...ranked, { ...sums, groupId: "*other", label: `${groups} others`, deleted: false, rank: rows.length }];
}

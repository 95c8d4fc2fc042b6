import type { Limit } from "@tollgate/contracts/limit";
import type { Prisma } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { isActiveAt } from "@tollgate/policy/limit-cap";
import { amountText } from "./amount.ts";
import type { LimitIncrease } from "./schemas.ts";

export type IncreaseRow = Prisma.LimitIncreaseGetPayload<object>;

/** All increases of these limits, by limit, latest first. */
export async function increasesOf(tx: Tx, orgId: string, limitIds: string[]): Promise<Map<string, IncreaseRow[]>> {
  const where = { orgId, limitId: { in: limitIds } };
  const rows = await tx.limitIncrease.findMany({ where, orderBy: [{ madeAt: "desc" }, { id: "desc" }] });
  return Map.groupBy(rows, ({ limitId }) => limitId);
}

/** The increases that were not revoked, in the format that the rules of limits use. */
export const standing = (rows: readonly IncreaseRow[]): Limit["increases"] =>
  rows.flatMap(({ amount, until, revokedAt }) => (revokedAt ? [] : [{ amount, untilMs: until.getTime() }]));

function stateOf({ revokedAt, until }: IncreaseRow, atMs: number): LimitIncrease["state"] {
  if (revokedAt) return "revoked";
  return isActiveAt({ untilMs: until.getTime() }, atMs) ? "active" : "ended";
}

export const presentIncrease = (row: IncreaseRow, unit: Limit["unit"], atMs: number): LimitIncrease => ({
  id: row.id,
  amount: amountText(unit, row.amount),
  until: row.until.toISOString(),
  reason: row.reason,
  state: stateOf(row, atMs),
  madeBy: row.madeBy,
  madeAt: row.madeAt.toISOString(),
  revokedBy: row.revokedBy,
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

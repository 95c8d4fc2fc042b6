import { verb } from "../verb.ts";
import { parseAmount } from "./amount.ts";
import { checkThresholds } from "./check-thresholds.ts";
import { findLimit } from "./find.ts";
import { ChangeLimit, Limit } from "./schemas.ts";

/** Scope, unit and window cannot change. A limit that is lowered below its usage blocks at once. */
export const changeLimit = verb({
  name: "limits.change",
  action: "limits:set",
  input: ChangeLimit,
  output: Limit,
  http: { method: "PUT", path: "/limits/{id}" },
  run: async ({ tx, ctx, input: { id, amount, ...data }, audit }) => {
    const { row, limit: before } = await findLimit(tx, ctx, id);
    checkThresholds(row.unit, data.thresholds ?? []);
    const parsed = amount === undefined ? undefined : parseAmount(row.unit, amount);
    await tx.limit.update({ where: { orgId_id: { orgId: ctx.orgId, id } }, data: { ...data, amount: parsed } });
    const { limit } = await findLimit(tx, ctx, id);
    await audit({ subject: `limit ${id}`, before, after: limit });
    return limit;
  },
});

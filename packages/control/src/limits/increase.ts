import { uuidV7 } from "@tollgate/contracts/ids";
import { invalid } from "../fields.ts";
import { verb } from "../verb.ts";
import { parseAmount } from "./amount.ts";
import { clockOf } from "./clock.ts";
import { findLimit } from "./find.ts";
import { type Clock, type LimitRow, openWindow } from "./present.ts";
import { IncreaseLimit, Limit } from "./schemas.ts";

function endOf(row: LimitRow, until: string | null, clock: Clock): Date {
  const endMs = until === null ? openWindow(row, clock).endMs : Date.parse(until);
  if (endMs === null) throw invalid({ until: "is required: this limit has no window that ends" });
  if (endMs <= clock.atMs) throw invalid({ until: "must be in the future" });
  return new Date(endMs);
}

/** Raises a limit until an instant, in addition to other increases. The limit itself does not change. */
export const increaseLimit = verb({
  name: "limits.increase",
  action: "limits:set",
  input: IncreaseLimit,
  output: Limit,
  http: { method: "POST", path: "/limits/{id}/increases", status: 201 },
  run: async ({ tx, ctx, input: { id, amount, until, reason }, audit }) => {
    const { row, limit: before } = await findLimit(tx, ctx, id);
    const clock = await clockOf(tx, ctx);
    await tx.limitIncrease.create({
      data: {
        id: uuidV7(clock.atMs),
        orgId: ctx.orgId,
        limitId: id,
        amount: parseAmount(row.unit, amount),
        until: endOf(row, until, clock),
        reason,
        madeBy: ctx.actor.name,
        madeAt: new Date(clock.atMs),
      },
    });
    const { limit } = await findLimit(tx, ctx, id);
    await audit({ subject: `limit ${id}`, before, after: limit });
    return limit;
  },
});

import { invalid } from "../fields.ts";
import { clockOf } from "../limits/clock.ts";
import { verb } from "../verb.ts";
import { monthNamed } from "./months.ts";
import { requestMaintenance } from "./request-maintenance.ts";
import { CloseMonth, Maintenance } from "./schemas.ts";

/**
 * Asks for a month, and every one before it, to be closed: its figures become final, and later changes are recorded in
 * the open month. A month closes automatically 35 days after its end.
 */
export const closeMonth = verb({
  name: "usage.close",
  action: "ledger:maintain",
  input: CloseMonth,
  output: Maintenance,
  http: { method: "POST", path: "/usage/months/close", status: 202 },
  run: async ({ tx, ctx, input: { month }, audit }) => {
    const { timeZone, atMs } = await clockOf(tx, ctx);
    const { fromMs, toMs } = monthNamed(month, timeZone);
    if (toMs > atMs) throw invalid({ month: "is not over yet; close it when it is" });
    const known = await tx.closedMonth.findFirst({ where: { orgId: ctx.orgId, until: { gte: new Date(toMs) } } });
    if (known) throw invalid({ month: "is closed already" });
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    return requestMaintenance({ tx, ctx, audit }, { kind: "close", from, to });
  },
});

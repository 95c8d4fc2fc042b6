import { ById, Done } from "../fields.ts";
import { lockCounters } from "../ledger/fill-counters.ts";
import { verb } from "../verb.ts";
import { findLimit } from "./find.ts";

/** Deletes its counters too. The ledger does not change. */
export const deleteLimit = verb({
  name: "limits.delete",
  action: "limits:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/limits/{id}" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    await lockCounters(tx, ctx.orgId);
    const { limit } = await findLimit(tx, ctx, id);
    await tx.limit.delete({ where: { orgId_id: { orgId: ctx.orgId, id } } });
    await audit({ subject: `limit ${id}`, before: limit });
    return {};
  },
});

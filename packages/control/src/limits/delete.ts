import { ById, Done } from "../fields.ts";
import { verb } from "../verb.ts";
import { findLimit } from "./find.ts";

/** A job deletes its counters (`forget-counters`), so usage that is being counted is not waited for. The ledger does not change. */
export const deleteLimit = verb({
  name: "limits.delete",
  action: "limits:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/limits/{id}" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    const { limit } = await findLimit(tx, ctx, id);
    await tx.limit.delete({ where: { orgId_id: { orgId: ctx.orgId, id } } });
    await audit({ subject: `limit ${id}`, before: limit });
    return {};
  },
});

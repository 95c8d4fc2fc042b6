import { inUse } from "../failure.ts";
import { ById, Done } from "../fields.ts";
import { limitUses } from "../limits/uses.ts";
import { verb } from "../verb.ts";
import { findModel } from "./find.ts";
import { presentOne } from "./present.ts";

/** The row stays for past requests. The name can be used again. `conflict` while a limit refers to it. */
export const deleteModel = verb({
  name: "models.delete",
  action: "models:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/models/{id}" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    const { orgId, services } = ctx;
    const row = await findModel(tx, orgId, id);
    const uses = await limitUses(tx, orgId, "model", id);
    if (uses.length) throw inUse("model", uses);
    await tx.target.deleteMany({ where: { orgId, modelId: id } });
    await tx.model.update({
      where: { orgId_id: { orgId, id } },
      data: { deletedAt: new Date(services.now()) },
    });
    await audit({ subject: `model ${id}`, before: await presentOne(tx, ctx, row) });
    return {};
  },
});

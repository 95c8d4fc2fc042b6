import { verb } from "../verb.ts";
import { findModel } from "./find.ts";
import { presentOne } from "./present.ts";
import { Model, UpdateModel } from "./schemas.ts";
import { storedTimeouts } from "./stored-timeouts.ts";
import { writeTargets } from "./write-targets.ts";

export const updateModel = verb({
  name: "models.update",
  action: "models:update",
  input: UpdateModel,
  output: Model,
  http: { method: "PATCH", path: "/models/{id}" },
  run: async ({ tx, ctx, input: { id, targets, timeouts, ...rest }, audit }) => {
    const before = await presentOne(tx, ctx, await findModel(tx, ctx.orgId, id));
    const data = { ...rest, ...(timeouts && { timeouts: storedTimeouts(timeouts) }) };
    await tx.model.update({ where: { orgId_id: { orgId: ctx.orgId, id } }, data });
    if (targets) await writeTargets(tx, ctx, id, targets);
    const model = await presentOne(tx, ctx, await findModel(tx, ctx.orgId, id));
    await audit({ subject: `model ${id}`, before, after: model });
    return model;
  },
});

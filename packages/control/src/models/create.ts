import { uuidV7 } from "@tollgate/contracts/ids";
import { verb } from "../verb.ts";
import { findModel } from "./find.ts";
import { presentOne } from "./present.ts";
import { CreateModel, Model } from "./schemas.ts";
import { storedTimeouts } from "./stored-timeouts.ts";
import { writeTargets } from "./write-targets.ts";

export const createModel = verb({
  name: "models.create",
  action: "models:create",
  input: CreateModel,
  output: Model,
  http: { method: "POST", path: "/models", status: 201 },
  run: async ({ tx, ctx, input: { targets, timeouts, ...data }, audit }) => {
    const id = uuidV7(ctx.services.now());
    await tx.model.create({ data: { id, orgId: ctx.orgId, ...data, timeouts: storedTimeouts(timeouts) } });
    await writeTargets(tx, ctx, id, targets);
    const model = await presentOne(tx, ctx, await findModel(tx, ctx.orgId, id));
    await audit({ subject: `model ${id}`, after: model });
    return model;
  },
});

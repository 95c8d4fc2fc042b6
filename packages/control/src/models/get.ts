import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findModel } from "./find.ts";
import { presentModel, pricingOf } from "./present.ts";
import { Model } from "./schemas.ts";

export const getModel = verb({
  name: "models.get",
  action: "models:list",
  input: ById,
  output: Model,
  http: { method: "GET", path: "/models/{id}" },
  run: async ({ tx, ctx, input }) => presentModel(await findModel(tx, ctx.orgId, input.id), await pricingOf(tx, ctx)),
});

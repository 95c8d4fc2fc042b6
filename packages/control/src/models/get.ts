import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findModel } from "./find.ts";
import { presentOne } from "./present.ts";
import { Model } from "./schemas.ts";

export const getModel = verb({
  name: "models.get",
  action: "models:list",
  input: ById,
  output: Model,
  http: { method: "GET", path: "/models/{id}" },
  run: async ({ tx, ctx, input }) => presentOne(tx, ctx, await findModel(tx, ctx.orgId, input.id)),
});

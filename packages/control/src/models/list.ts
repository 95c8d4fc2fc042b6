import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentModel, pricingOf, withTargets } from "./present.ts";
import { Model } from "./schemas.ts";

export const listModels = verb({
  name: "models.list",
  action: "models:list",
  input: Nothing,
  output: items(Model),
  http: { method: "GET", path: "/models" },
  run: async ({ tx, ctx }) => {
    const rows = await tx.model.findMany({
      where: { orgId: ctx.orgId, deletedAt: null },
      include: withTargets,
      orderBy: { name: "asc" },
    });
    const pricing = await pricingOf(tx, ctx);
    return { items: rows.map((row) => presentModel(row, pricing)) };
  },
});

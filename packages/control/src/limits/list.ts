import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { clockOf } from "./clock.ts";
import { presentLimits } from "./present.ts";
import { Limit } from "./schemas.ts";

/** Oldest first, each with the used and remaining amount of its open window. */
export const listLimits = verb({
  name: "limits.list",
  action: "limits:list",
  input: Nothing,
  output: items(Limit),
  http: { method: "GET", path: "/limits" },
  run: async ({ tx, ctx }) => {
    const rows = await tx.limit.findMany({
      where: { orgId: ctx.orgId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    });
    return { items: await presentLimits(tx, ctx.orgId, rows, await clockOf(tx, ctx)) };
  },
});

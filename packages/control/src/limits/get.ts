import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findLimit } from "./find.ts";
import { Limit } from "./schemas.ts";

export const getLimit = verb({
  name: "limits.get",
  action: "limits:list",
  input: ById,
  output: Limit,
  http: { method: "GET", path: "/limits/{id}" },
  run: async ({ tx, ctx, input }) => (await findLimit(tx, ctx, input.id)).limit,
});

import { Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { findRetention } from "./find.ts";
import { Retention } from "./schemas.ts";

export const getRetention = verb({
  name: "retention.get",
  action: "retention:get",
  input: Nothing,
  output: Retention,
  http: { method: "GET", path: "/retention" },
  run: ({ tx, ctx }) => findRetention(tx, ctx.orgId),
});

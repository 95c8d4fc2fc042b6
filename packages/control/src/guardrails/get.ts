import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findGuardrail } from "./find.ts";
import { presentGuardrail } from "./present.ts";
import { Guardrail } from "./schemas.ts";

export const getGuardrail = verb({
  name: "guardrails.get",
  action: "guardrails:list",
  input: ById,
  output: Guardrail,
  http: { method: "GET", path: "/guardrails/{id}" },
  run: async ({ tx, ctx, input }) => presentGuardrail(await findGuardrail(tx, ctx.orgId, input.id)),
});

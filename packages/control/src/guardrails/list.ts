import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentGuardrail } from "./present.ts";
import { Guardrail } from "./schemas.ts";

export const listGuardrails = verb({
  name: "guardrails.list",
  action: "guardrails:list",
  input: Nothing,
  output: items(Guardrail),
  http: { method: "GET", path: "/guardrails" },
  run: async ({ tx, ctx: { orgId } }) => {
    const rows = await tx.guardrail.findMany({ where: { orgId }, orderBy: { name: "asc" } });
    return { items: rows.map(presentGuardrail) };
  },
});

import { ById, Done } from "../fields.ts";
import { verb } from "../verb.ts";
import { findGuardrail } from "./find.ts";
import { presentGuardrail } from "./present.ts";

export const deleteGuardrail = verb({
  name: "guardrails.delete",
  action: "guardrails:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/guardrails/{id}" },
  run: async ({ tx, ctx: { orgId }, input: { id }, audit }) => {
    const before = presentGuardrail(await findGuardrail(tx, orgId, id));
    await tx.guardrail.delete({ where: { orgId_id: { orgId, id } } });
    await audit({ subject: `guardrail ${id}`, before });
    return {};
  },
});

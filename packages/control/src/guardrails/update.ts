import { verb } from "../verb.ts";
import { checkPatterns } from "./check-patterns.ts";
import { checkRoom } from "./check-room.ts";
import { findGuardrail } from "./find.ts";
import { presentGuardrail } from "./present.ts";
import { Guardrail, UpdateGuardrail } from "./schemas.ts";

/** Stage and kind cannot change. */
export const updateGuardrail = verb({
  name: "guardrails.update",
  action: "guardrails:update",
  input: UpdateGuardrail,
  output: Guardrail,
  http: { method: "PATCH", path: "/guardrails/{id}" },
  run: async ({ tx, ctx: { orgId }, input: { id, ...data }, audit }) => {
    const before = presentGuardrail(await findGuardrail(tx, orgId, id));
    if (data.patterns) {
      checkPatterns(before.kind, data.patterns);
      await checkRoom(tx, orgId, id, data.patterns);
    }
    const rule = presentGuardrail(await tx.guardrail.update({ where: { orgId_id: { orgId, id } }, data }));
    await audit({ subject: `guardrail ${id}`, before, after: rule });
    return rule;
  },
});

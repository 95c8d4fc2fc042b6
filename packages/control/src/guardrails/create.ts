import { uuidV7 } from "@tollgate/contracts/ids";
import { verb } from "../verb.ts";
import { checkPatterns } from "./check-patterns.ts";
import { checkRoom } from "./check-room.ts";
import { presentGuardrail } from "./present.ts";
import { CreateGuardrail, Guardrail } from "./schemas.ts";

export const createGuardrail = verb({
  name: "guardrails.create",
  action: "guardrails:create",
  input: CreateGuardrail,
  output: Guardrail,
  http: { method: "POST", path: "/guardrails", status: 201 },
  run: async ({ tx, ctx: { orgId, services }, input, audit }) => {
    checkPatterns(input.kind, input.patterns);
    await checkRoom(tx, orgId, null, input.patterns);
    const id = uuidV7(services.now());
    const rule = presentGuardrail(await tx.guardrail.create({ data: { id, orgId, ...input } }));
    await audit({ subject: `guardrail ${id}`, after: rule });
    return rule;
  },
});

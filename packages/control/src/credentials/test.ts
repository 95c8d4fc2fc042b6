import { ById } from "../fields.ts";
import { askTask } from "../tasks/ask-task.ts";
import { verb } from "../verb.ts";
import { findCredential } from "./find.ts";
import { presentTest } from "./present-test.ts";
import { CredentialTest } from "./schemas.ts";

/**
 * A proxy sends the provider's cheapest request with the stored secret. The result is on the credential within 3 s. While
 * a test runs, asking again returns that test.
 */
export const testCredential = verb({
  name: "credentials.test",
  action: "credentials:test",
  input: ById,
  output: CredentialTest,
  http: { method: "POST", path: "/credentials/{id}/test", status: 202 },
  run: async ({ tx, ctx, input: { id: credentialId }, audit }) => {
    const { provider } = await findCredential(tx, ctx.orgId, credentialId);
    const { task, isNew } = await askTask(tx, ctx, { kind: "credential.test", credentialId, input: {} });
    if (isNew) await audit({ subject: `credential ${credentialId}`, after: { taskId: task.id } });
    return presentTest(task, provider);
  },
});

import { ById } from "../fields.ts";
import { askTask } from "../tasks/ask-task.ts";
import { verb } from "../verb.ts";
import { findCredential } from "./find.ts";
import { presentFound } from "./present-found.ts";
import { FoundModels } from "./schemas.ts";

/**
 * A proxy asks the provider which models the stored secret may call. The result can be read within 20 s. While it runs,
 * asking again returns the same.
 */
export const discoverModels = verb({
  name: "credentials.discover",
  action: "credentials:discover",
  input: ById,
  output: FoundModels,
  http: { method: "POST", path: "/credentials/{id}/models", status: 202 },
  run: async ({ tx, ctx, input: { id: credentialId }, audit }) => {
    const credential = await findCredential(tx, ctx.orgId, credentialId);
    const { task, isNew } = await askTask(tx, ctx, { kind: "credential.models", credentialId, input: {} });
    if (isNew) await audit({ subject: `credential ${credentialId}`, after: { taskId: task.id } });
    return presentFound(tx, ctx, credential, task);
  },
});

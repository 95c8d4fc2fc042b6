import { ById } from "../fields.ts";
import { latestTask } from "../tasks/task-state.ts";
import { verb } from "../verb.ts";
import { findCredential } from "./find.ts";
import { presentFound } from "./present-found.ts";
import { FoundModels } from "./schemas.ts";

/** The models that the provider of a credential listed last. A change of the secret or the address deletes the list. */
export const foundModels = verb({
  name: "credentials.models",
  action: "credentials:list",
  input: ById,
  output: FoundModels,
  http: { method: "GET", path: "/credentials/{id}/models" },
  run: async ({ tx, ctx, input: { id } }) => {
    const credential = await findCredential(tx, ctx.orgId, id);
    return presentFound(tx, ctx, credential, await latestTask(tx, ctx.orgId, "credential.models", id));
  },
});

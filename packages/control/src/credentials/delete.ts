import { inUse } from "../failure.ts";
import { ById, Done } from "../fields.ts";
import { limitUses } from "../limits/uses.ts";
import { hostsGranted } from "../private-hosts.ts";
import { outdateTasks } from "../tasks/outdate-tasks.ts";
import { verb } from "../verb.ts";
import { findCredential } from "./find.ts";
import { presentCredential } from "./present.ts";

/** Deletes the sealed secret. The row stays for past requests. `conflict` while models or limits use it. */
export const deleteCredential = verb({
  name: "credentials.delete",
  action: "credentials:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/credentials/{id}" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    const { orgId, services } = ctx;
    const before = await findCredential(tx, orgId, id);
    const users = await tx.model.findMany({
      where: { orgId, deletedAt: null, targets: { some: { credentialId: id } } },
      select: { name: true },
    });
    const uses = [...users.map(({ name }) => `the model ${name}`), ...(await limitUses(tx, orgId, "credential", id))];
    if (uses.length > 0) throw inUse("credential", uses);
    await tx.credential.update({
      where: { orgId_id: { orgId, id } },
      data: { deletedAt: new Date(services.now()), sealed: "" },
    });
    await outdateTasks(tx, orgId, id);
    await audit({ subject: `credential ${id}`, before: presentCredential(before, await hostsGranted(tx, ctx)) });
    return {};
  },
});

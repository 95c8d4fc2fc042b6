import { ById, Done } from "../fields.ts";
import { verb } from "../verb.ts";
import { findChannel } from "./find.ts";
import { presentChannel } from "./present.ts";

/** Deletes the sealed secrets. The row stays for the history of deliveries. Waiting deliveries fail. */
export const deleteChannel = verb({
  name: "channels.delete",
  action: "channels:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/channels/{id}" },
  run: async ({ tx, ctx: { orgId, services }, input: { id }, audit }) => {
    const before = presentChannel(await findChannel(tx, orgId, id));
    const deletedAt = new Date(services.now());
    await tx.channel.update({ where: { orgId_id: { orgId, id } }, data: { deletedAt, sealed: null } });
    await audit({ subject: `channel ${id}`, before });
    return {};
  },
});

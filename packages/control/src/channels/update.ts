import { storedKind } from "../alerts/stored-facts.ts";
import { verb } from "../verb.ts";
import { destinationOf } from "./destination.ts";
import { findChannel } from "./find.ts";
import { presentChannel } from "./present.ts";
import { Channel, UpdateChannel } from "./schemas.ts";

/** The kind cannot change. A webhook with a new URL keeps its signing secret. */
export const updateChannel = verb({
  name: "channels.update",
  action: "channels:update",
  input: UpdateChannel,
  output: Channel,
  http: { method: "PATCH", path: "/channels/{id}" },
  run: async ({ tx, ctx: { orgId, services }, input: { id, name, events, ...given }, audit }) => {
    const found = await findChannel(tx, orgId, id);
    const before = presentChannel(found);
    const destination = await destinationOf(tx, services, { orgId, rowId: id }, before.kind, given);
    const row = await tx.channel.update({
      where: { orgId_id: { orgId, id } },
      data: { name, events: events?.map(storedKind), ...destination },
    });
    const channel = presentChannel(row);
    await audit({ subject: `channel ${id}`, before, after: channel });
    return channel;
  },
});

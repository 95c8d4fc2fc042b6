import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentChannel } from "./present.ts";
import { Channel } from "./schemas.ts";

export const listChannels = verb({
  name: "channels.list",
  action: "channels:list",
  input: Nothing,
  output: items(Channel),
  http: { method: "GET", path: "/channels" },
  run: async ({ tx, ctx: { orgId } }) => {
    const rows = await tx.channel.findMany({ where: { orgId, deletedAt: null }, orderBy: { name: "asc" } });
    return { items: rows.map(presentChannel) };
  },
});

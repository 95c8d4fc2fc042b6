import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findChannel } from "./find.ts";
import { presentChannel } from "./present.ts";
import { Channel } from "./schemas.ts";

export const getChannel = verb({
  name: "channels.get",
  action: "channels:list",
  input: ById,
  output: Channel,
  http: { method: "GET", path: "/channels/{id}" },
  run: async ({ tx, ctx, input }) => presentChannel(await findChannel(tx, ctx.orgId, input.id)),
});

import { sql } from "@tollgate/db/query";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentChannel } from "./present.ts";
import { type CHANNEL_SORTS, Channel, ListChannels } from "./schemas.ts";

const CHANNELS: List<(typeof CHANNEL_SORTS)[number]> = {
  name: "channels",
  from: sql`channel as c`,
  orgId: sql`c.org_id`,
  id: sql`c.id`,
  sorts: {
    name: { by: sql`lower(c.name) collate "C"`, type: "text" },
    kind: { by: sql`c.kind collate "C"`, type: "text" },
    createdAt: { by: sql`c.created_at`, type: "timestamptz" },
  },
  search: sql`c.name || ' ' || coalesce(c.url, '') || ' ' || coalesce(array_to_string(c.addresses, ' '), '')`,
};

/** By name. */
export const listChannels = verb({
  name: "channels.list",
  action: "channels:list",
  input: ListChannels,
  output: page(Channel),
  http: { method: "GET", path: "/channels" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(CHANNELS, work, [
      sql`c.deleted_at is null`,
      input.kind && sql`c.kind = ${input.kind}`,
    ]);
    const rows = await tx.channel.findMany({ where: { orgId, id: { in: ids } } });
    return { items: inOrder(ids, rows).map(presentChannel), nextCursor };
  },
});

import type { Channel } from "@tollgate/control/channels/schemas";
import type { ActionResult } from "@/lib/action-result.ts";
import { createChannelAction, updateChannelAction } from "./actions.ts";
import { EVENTS } from "./channel-options.ts";

export type ChannelForm = Pick<Channel, "name" | "kind" | "addresses" | "events"> & { url: string };

type Saved = { channel: Channel; signingSecret: string | null };

export const EMPTY_CHANNEL: ChannelForm = {
  name: "",
  kind: "email",
  addresses: [],
  url: "",
  events: EVENTS.map(({ value }) => value),
};

/** The URL of a Slack channel cannot be read again: an empty field keeps it. */
export const channelFormOf = ({ name, kind, addresses, url, events }: Channel): ChannelForm => ({
  name,
  kind,
  addresses,
  events,
  url: kind === "webhook" ? (url ?? "") : "",
});

const destinationOf = ({ kind, addresses, url }: ChannelForm, isKept: boolean) => {
  if (kind === "email") return { addresses };
  return isKept && url === "" ? {} : { url };
};

/** Creates a channel, or changes the one with `id`. A new webhook comes with its signing secret. */
export async function saveChannel(
  slug: string,
  { id, form }: { id?: string; form: ChannelForm },
): Promise<ActionResult<Saved>> {
  const { name, kind, events } = form;
  const input = { name, events, ...destinationOf(form, id !== undefined && kind === "slack") };
  if (!id) return createChannelAction(slug, { ...input, kind });
  const result = await updateChannelAction(slug, { id, ...input });
  return result.ok ? { ok: true, data: { channel: result.data, signingSecret: null } } : result;
}

import { z } from "zod";
import { ALERT_EVENTS } from "../alerts/facts.ts";
import { kindOfStored } from "../alerts/stored-facts.ts";
import { Email, Id, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

export const CHANNEL_KINDS = ["email", "slack", "webhook"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

const kind = z.enum(CHANNEL_KINDS);

/** Also accepts `books`, the former name of `ledger`; the next version does not. */
const Events = z
  .array(z.enum([...ALERT_EVENTS, "books"]))
  .min(1, "at least one")
  .max(ALERT_EVENTS.length + 1)
  .transform((list) => {
    const named = list.map(kindOfStored);
    return ALERT_EVENTS.filter((event) => named.includes(event));
  });

const Addresses = z
  .array(Email)
  .max(20, "at most 20 addresses")
  .overwrite((list) => [...new Set(list)]);

const Url = z.string().trim().max(2000, "at most 2000 characters");

export const Channel = z.object({
  id: z.uuid(),
  name: z.string(),
  kind,
  /** Addresses of an e-mail channel; empty for other kinds. */
  addresses: z.array(z.string()),
  /** Whole URL of a webhook. Origin of a Slack URL, because the rest is a secret. Null for e-mail. */
  url: z.string().nullable(),
  events: z.array(z.enum(ALERT_EVENTS)),
  createdAt: Time,
  updatedAt: Time,
});
export type Channel = z.infer<typeof Channel>;

export const CHANNEL_SORTS = ["name", "kind", "createdAt"] as const;

export const ListChannels = listInput(CHANNEL_SORTS, "name", { kind: kind.optional() });

export const CreateChannel = z.strictObject({
  name: Name,
  kind,
  /** Only for e-mail. */
  addresses: Addresses.optional(),
  /** Only for a webhook and for Slack (the URL of its incoming webhook). */
  url: Url.optional(),
  /** Kinds of alerts that it gets. Default: all. */
  events: Events.default([...ALERT_EVENTS]),
});

export const UpdateChannel = z.strictObject({
  id: Id,
  name: Name.optional(),
  addresses: Addresses.optional(),
  url: Url.optional(),
  events: Events.optional(),
});

/** The signing secret of a webhook. It is shown only once. Null for other kinds. */
export const CreatedChannel = z.object({ channel: Channel, signingSecret: z.string().nullable() });

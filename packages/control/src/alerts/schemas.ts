import { z } from "zod";
import { page, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";
import { ALERT_EVENTS, Facts } from "./facts.ts";

export const Delivery = z.object({
  id: z.uuid(),
  channelId: z.uuid(),
  channelName: z.string(),
  channelKind: z.enum(["email", "slack", "webhook"]),
  state: z.enum(["waiting", "sent", "failed"]),
  attempts: z.int(),
  /** Why the last attempt failed. */
  error: z.string().nullable(),
  attemptedAt: Time.nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const Alert = z.object({
  id: z.uuid(),
  raisedAt: Time,
  title: z.string(),
  text: z.string(),
  facts: Facts,
  /** Empty if no channel subscribes to its kind. */
  deliveries: z.array(Delivery),
});
export type Alert = z.infer<typeof Alert>;

export const ALERT_SORTS = ["raisedAt"] as const;

export const ListAlerts = listInput(ALERT_SORTS, "-raisedAt", {
  kind: z.enum([...ALERT_EVENTS, "test"]).optional(),
});

export const AlertPage = page(Alert);

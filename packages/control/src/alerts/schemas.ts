import { isUuid } from "@tollgate/contracts/ids";
import { z } from "zod";
import { Count, page, Time } from "../fields.ts";
import { Facts } from "./facts.ts";

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

export const ListAlerts = z.strictObject({
  /** The cursor of an earlier page. */
  cursor: z.string().refine(isUuid, "is not a cursor of this list").optional(),
  limit: Count(1, 200).default(50),
});

export const AlertPage = page(Alert);

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
  /** Why the last attempt did not succeed. */
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
  /** None where no channel asked for its kind. */
  deliveries: z.array(Delivery),
});
export type Alert = z.infer<typeof Alert>;

export const ListAlerts = z.strictObject({
  /** A place in the list, as an answer before gave it. */
  cursor: z.string().refine(isUuid, "is not of this list").optional(),
  limit: Count(1, 200).default(50),
});

export const AlertPage = page(Alert);

import { z } from "zod";
import { Allow, Deny, Name, Time, TimeZone } from "../fields.ts";

export const Organisation = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  budgetErrorStatus: z.union([z.literal(402), z.literal(429)]),
  /** Whether calls may address a provider's model directly, as `provider/model`. */
  directModels: z.boolean(),
  /** Whether proxies keep responses of providers that do not store them, for as long as the operator sets. */
  keepsResponses: z.boolean(),
  allow: z.array(z.string()).nullable(),
  deny: z.array(z.string()),
  createdAt: Time,
});
export type Organisation = z.infer<typeof Organisation>;

export const UpdateOrganisation = z.strictObject({
  name: Name.optional(),
  timeZone: TimeZone.optional(),
  budgetErrorStatus: z.union([z.literal(402), z.literal(429)]).optional(),
  directModels: z.boolean().optional(),
  keepsResponses: z.boolean().optional(),
  allow: Allow.optional(),
  deny: Deny.optional(),
});

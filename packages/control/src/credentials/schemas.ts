import { z } from "zod";
import { Id, Name, Time } from "../fields.ts";
import { Secret } from "./secret.ts";

export const Credential = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
  lastFour: z.string(),
  /** The secret was not entered for this origin, or before secrets were bound to one: it is not sent until it is again. */
  needsSecret: z.boolean(),
  /**
   * The host is private or plain http, and the operator has not granted it to the organisation in
   * TOLLGATE_PRIVATE_HOSTS: calls through it fail.
   */
  needsGrant: z.boolean(),
  /** Models with a target on it. */
  modelCount: z.int(),
  createdAt: Time,
  updatedAt: Time,
});
export type Credential = z.infer<typeof Credential>;

const BaseUrl = z.string().trim().max(500);

export const CreateCredential = z.strictObject({
  name: Name,
  /** A row of the provider table. */
  provider: z.string().trim().min(1, "is required").max(50),
  /** The provider's own when absent. */
  baseUrl: BaseUrl.optional(),
  secret: Secret,
});

/** A new origin needs the secret again: it is sent only to the origin it was entered for. */
export const UpdateCredential = z.strictObject({
  id: Id,
  name: Name.optional(),
  baseUrl: BaseUrl.optional(),
  secret: Secret.optional(),
});

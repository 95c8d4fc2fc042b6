import { CREDENTIAL_TEST_OUTCOMES } from "@tollgate/contracts/tasks";
import { z } from "zod";
import { Id, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";
import { Secret } from "./secret.ts";

/** The last test of a credential, by a proxy. */
export const CredentialTest = z.object({
  id: z.uuid(),
  /** `limited`: the provider answers, but limits its requests at the moment. */
  state: z.enum(["running", "works", "limited", "failed"]),
  /** The outcome; null while the test runs. `no_proxy` and `no_answer`: nothing was tested. */
  outcome: z.enum([...CREDENTIAL_TEST_OUTCOMES, "no_proxy", "no_answer"]).nullable(),
  /** The outcome in words. */
  message: z.string(),
  askedAt: Time,
  testedAt: Time.nullable(),
  /** Duration of the provider's answer, in milliseconds. */
  durationMs: z.int().nullable(),
});
export type CredentialTest = z.infer<typeof CredentialTest>;

export const StoredCredential = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
  /** The last four characters of the secret; empty if there is no secret. */
  lastFour: z.string(),
  /** The secret was entered for another origin, or before secrets were bound to origins. It is not sent until it is entered again. */
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
export type StoredCredential = z.infer<typeof StoredCredential>;

export const Credential = StoredCredential.extend({
  /** Null if it was not tested since it was stored or its secret or address changed. */
  test: CredentialTest.nullable(),
});
export type Credential = z.infer<typeof Credential>;

export const CREDENTIAL_SORTS = ["name", "provider", "createdAt", "updatedAt"] as const;

export const ListCredentials = listInput(CREDENTIAL_SORTS, "name", { provider: z.string().max(50).optional() });

const BaseUrl = z.string().trim().max(500);

export const CreateCredential = z.strictObject({
  name: Name,
  /** A row of the provider table. */
  provider: z.string().trim().min(1, "is required").max(50),
  /** Default: the provider's URL. */
  baseUrl: BaseUrl.optional(),
  /** Required where the provider needs one. */
  secret: Secret.optional(),
});

/** For a new origin the secret must be entered again: it is sent only to the origin for which it was entered. */
export const UpdateCredential = z.strictObject({
  id: Id,
  name: Name.optional(),
  baseUrl: BaseUrl.optional(),
  secret: Secret.optional(),
});

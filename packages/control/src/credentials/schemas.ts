import { AUTH_SCHEMES, ruleOf } from "@tollgate/catalog/providers";
import { CREDENTIAL_TEST_OUTCOMES } from "@tollgate/contracts/tasks";
import { z } from "zod";
import { CatalogueModel } from "../catalogue/schemas.ts";
import { Id, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";
import { FIELD_VALUES } from "./credential-fields.ts";

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

/** A model that the provider lists for a credential. */
export const FoundModel = CatalogueModel.extend({
  /** A model of the organisation has a target for it on this credential. */
  isAdded: z.boolean(),
});
export type FoundModel = z.infer<typeof FoundModel>;

/** The models that a proxy found for a credential. */
export const FoundModels = z.object({
  credentialId: z.uuid(),
  /** `none`: never listed since the secret or the address changed. */
  state: z.enum(["none", "running", "found", "failed"]),
  /** What happened, in words. */
  message: z.string(),
  askedAt: Time.nullable(),
  foundAt: Time.nullable(),
  /** The provider has more models, or some that cannot be targets. */
  isPartial: z.boolean(),
  /** By name. Prices and context are from the catalogue; null: unknown. */
  items: z.array(FoundModel),
});
export type FoundModels = z.infer<typeof FoundModels>;

export const StoredCredential = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
  /** How requests are authenticated: one of the provider's schemes. */
  scheme: z.string(),
  /** The fields that are no secrets, such as a region, by name. */
  settings: z.record(z.string(), z.string()),
  /** The last four characters of the secret, or of the id of a key file; empty if there is no secret. */
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

const Scheme = z.enum(AUTH_SCHEMES);

/** Fields by name. Each provider and scheme has some of them, see `GET /catalogue/providers`. */
type FieldName = keyof typeof FIELD_VALUES;
const optional = Object.fromEntries(
  Object.entries(FIELD_VALUES).map(([name, value]) => [name, value.optional()]),
) as Record<FieldName, z.ZodOptional<z.ZodString>>;
/** Null removes a setting. A secret is only replaced. */
const removable = Object.fromEntries(
  Object.entries(FIELD_VALUES).map(([name, value]) => [
    name,
    ruleOf(name as FieldName).isSecret ? value.optional() : value.nullable().optional(),
  ]),
) as Record<FieldName, z.ZodOptional<z.ZodNullable<z.ZodString>>>;

export const CreateCredential = z.strictObject({
  name: Name,
  /** A row of the provider table. */
  provider: z.string().trim().min(1, "is required").max(50),
  /** Default: the provider's URL. */
  baseUrl: BaseUrl.optional(),
  /** Default: the provider's first. */
  scheme: Scheme.optional(),
  ...optional,
});

/**
 * Secrets and settings are sealed together. For a new origin, scheme or setting all secrets must be entered again; a secret that
 * is not entered then is removed. A setting that is not named stays.
 */
export const UpdateCredential = z.strictObject({
  id: Id,
  name: Name.optional(),
  baseUrl: BaseUrl.optional(),
  scheme: Scheme.optional(),
  ...removable,
});

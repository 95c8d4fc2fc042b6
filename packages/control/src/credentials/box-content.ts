import {
  type CredentialFieldName,
  type CredentialScheme,
  type Provider,
  ruleOf,
  schemesOf,
} from "@tollgate/catalog/providers";
import type { BoxFields } from "@tollgate/vault/opened";
import { parsedKeyFile } from "./credential-fields.ts";
import { NO_SECRET } from "./secret.ts";

export type FieldValues = Readonly<Partial<Record<CredentialFieldName, string>>>;

/** A change of fields. Null removes a setting. */
export type FieldChanges = Readonly<Partial<Record<CredentialFieldName, string | null>>>;

export const changedFields = (values: FieldValues, changes: FieldChanges): FieldValues =>
  Object.fromEntries(Object.entries({ ...values, ...changes }).filter(([, value]) => (value ?? null) !== null));

/** The settings among the fields: they are shown. Secrets are only in the box. */
export const settingsOf = (values: FieldValues): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !ruleOf(name as CredentialFieldName).isSecret));

/**
 * What is sealed. Settings are sealed with the secrets, so that nobody can direct a secret elsewhere by changing them. A
 * single API key is sealed alone, as earlier versions of the proxy open it.
 */
export function boxContent(provider: Provider, { auth }: CredentialScheme, values: FieldValues): string | BoxFields {
  const names = Object.keys(values);
  const isFirst = schemesOf(provider)[0]?.auth === auth;
  if (isFirst && names.every((name) => name === "secret")) return values.secret ?? NO_SECRET;
  const { serviceAccount } = values;
  const fields = serviceAccount === undefined ? values : { ...values, serviceAccount: keyOf(serviceAccount) };
  return { scheme: auth, fields: fields as Record<string, string> };
}

/** The parts of a key file that signing needs. Its addresses are left out: the proxy does not use them. */
function keyOf(file: string): string {
  const { client_email, private_key, private_key_id } = parsedKeyFile(file) ?? {};
  return JSON.stringify({ client_email, private_key, private_key_id });
}

const SHOWN_CHARS = 4;

/** The end of the secret, or of a key file's id, by which people recognise it. Empty: there is no secret. */
export function lastFourOf(values: FieldValues): string {
  const { serviceAccount } = values;
  const id = serviceAccount === undefined ? undefined : parsedKeyFile(serviceAccount)?.private_key_id;
  if (typeof id === "string" && /^[\w-]{4,100}$/.test(id)) return id.slice(-SHOWN_CHARS);
  const { secret = values.secretAccessKey ?? values.clientSecret ?? "" } = values;
  return serviceAccount === undefined ? secret.slice(-SHOWN_CHARS) : "JSON";
}

import {
  CREDENTIAL_FIELDS,
  type CredentialScheme,
  isNeeded,
  type Provider,
  schemeOf,
  schemesOf,
} from "@tollgate/catalog/providers";
import { invalid } from "../fields.ts";
import { normaliseUrl } from "./base-url.ts";
import type { FieldChanges, FieldValues } from "./box-content.ts";
import { parsedKeyFile } from "./credential-fields.ts";

/** Throws `validation_failed` on `scheme`. Null: the provider's first. */
export function chosenScheme(provider: Provider, scheme: string | null): CredentialScheme {
  const found = schemeOf(provider, scheme);
  if (found) return found;
  throw invalid({
    scheme: `${provider.name} has ${schemesOf(provider)
      .map(({ auth }) => auth)
      .join(", ")}`,
  });
}

/** Throws `validation_failed` on each field that the scheme does not have. */
export function checkKnown(
  { name: provider }: Provider,
  { name, credential }: CredentialScheme,
  given: FieldChanges,
): void {
  const known = new Set<string>(credential.map((field) => field.name));
  const strange = CREDENTIAL_FIELDS.filter((field) => (given[field] ?? null) !== null && !known.has(field));
  if (strange.length === 0) return;
  throw invalid(Object.fromEntries(strange.map((field) => [field, `${provider} with ${name} has no such field`])));
}

/** Throws `validation_failed` on each field that the scheme needs and that is not given. */
export function checkRequired(
  { name: provider }: Provider,
  { credential }: CredentialScheme,
  values: FieldValues,
  hasBaseUrl: boolean,
): void {
  const missing = credential.filter((field) => isNeeded(field, hasBaseUrl) && values[field.name] === undefined);
  if (missing.length === 0) return;
  throw invalid(Object.fromEntries(missing.map(({ name, label }) => [name, `${provider} needs the ${label}`])));
}

/** Where Google's key files say that tokens are got. The proxy uses its own address. */
const GOOGLE_TOKEN_URLS: readonly unknown[] = [
  undefined,
  "https://oauth2.googleapis.com/token",
  "https://accounts.google.com/o/oauth2/token",
];

/**
 * The fields with a checked token URL, because the proxy sends secrets to it. A key file that names another address is refused
 * unless the same address is given as `tokenUrl`. Throws `validation_failed`.
 */
export function withTokenUrl(values: FieldValues, privateHosts: readonly string[]): FieldValues {
  const { tokenUrl, serviceAccount } = values;
  const url = tokenUrl === undefined ? undefined : normaliseUrl(tokenUrl, privateHosts, "tokenUrl");
  const named = serviceAccount === undefined ? undefined : parsedKeyFile(serviceAccount)?.token_uri;
  if (!GOOGLE_TOKEN_URLS.includes(named) && named !== url) {
    throw invalid({
      serviceAccount: "its token_uri is not Google's address; if it is meant, enter the same address as tokenUrl",
    });
  }
  return url === undefined ? values : { ...values, tokenUrl: url };
}

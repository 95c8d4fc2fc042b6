import type { CredentialField, CredentialFieldName } from "./credential-field.ts";
import type { Provider } from "./provider.ts";

type Settings = Readonly<Partial<Record<CredentialFieldName, string>>>;

const PLACE = /\{(\w+)\}/g;

/**
 * The provider's base URL with the settings of a credential in it, for example its region. Null: there is none, or a
 * setting is missing.
 */
export function defaultBaseUrlOf(
  { defaultBaseUrl, specialBaseUrls = [] }: Provider,
  settings: Settings,
): string | null {
  const special = specialBaseUrls.find(({ field, value }) => settings[field] === value);
  const template = special?.baseUrl ?? defaultBaseUrl;
  const names = [...template.matchAll(PLACE)].map(([, name]) => name as CredentialFieldName);
  if (template === "" || names.some((name) => !settings[name])) return null;
  return template.replace(PLACE, (_, name: CredentialFieldName) => settings[name] ?? "");
}

/** A credential's own base URL, with the path of the default one if it has none and the provider adds it. */
export function ownBaseUrlOf({ defaultBaseUrl, addsPath }: Provider, baseUrl: string): string {
  const path = /^https?:\/\/[^/]+(\/.*)$/.exec(defaultBaseUrl)?.[1] ?? "";
  return addsPath && /^https?:\/\/[^/?#]+\/*$/i.test(baseUrl) ? baseUrl.replace(/\/*$/, path) : baseUrl;
}

/** Whether a credential needs the field, given whether it has a base URL of its own. */
export const isNeeded = ({ isOptional, isOnlyInUrl }: CredentialField, hasBaseUrl: boolean): boolean =>
  !isOptional && !(isOnlyInUrl && hasBaseUrl);

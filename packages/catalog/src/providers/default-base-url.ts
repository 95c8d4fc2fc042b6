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

/** Whether a credential needs the field, given whether it has a base URL of its own. */
export const isNeeded = ({ isOptional, isOnlyInUrl }: CredentialField, hasBaseUrl: boolean): boolean =>
  !isOptional && !(isOnlyInUrl && hasBaseUrl);

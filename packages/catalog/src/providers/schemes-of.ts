import type { CredentialScheme } from "./credential-scheme.ts";
import type { Provider } from "./provider.ts";

/** The ways that a provider accepts. The first is the one of a credential that names none. */
export const schemesOf = ({
  auth,
  authName = "API key",
  credential,
  alternatives = [],
}: Provider): readonly CredentialScheme[] => [{ auth, name: authName, credential }, ...alternatives];

/** Undefined: the provider has no such scheme. Null is the first one. */
export const schemeOf = (provider: Provider, auth: string | null): CredentialScheme | undefined =>
  auth === null ? schemesOf(provider)[0] : schemesOf(provider).find((scheme) => scheme.auth === auth);

import type { CredentialField } from "./credential-field.ts";

/**
 * How a request is authenticated. `bearer` sends `authorization: Bearer <secret>`; `token` sends
 * `authorization: Token <secret>`; `x-api-key`, `x-goog-api-key`, `api-key` and `xi-api-key` send the secret alone in the
 * header of this name. `entra` and `google-oauth` send a token that they get with
 * the secret. `sigv4` signs the request.
 */
export const AUTH_SCHEMES = [
  "bearer",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "xi-api-key",
  "token",
  "entra",
  "google-oauth",
  "sigv4",
] as const;
export type AuthScheme = (typeof AUTH_SCHEMES)[number];

/** One way to authenticate at a provider, and the fields that a credential needs for it. */
export interface CredentialScheme {
  auth: AuthScheme;
  /** The name of this way, where a form offers several. */
  name: string;
  credential: readonly CredentialField[];
}

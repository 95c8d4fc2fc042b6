/** `bearer` sends `authorization: Bearer <secret>`; otherwise the named header contains only the secret. */
export type AuthScheme = "bearer" | "x-api-key" | "x-goog-api-key";

/** All fields that a credential can have: what its box holds. */
export const CREDENTIAL_FIELDS = ["secret"] as const;

/** One field of a credential. The form, and what is required of a request, are made from it. */
export interface CredentialField {
  name: (typeof CREDENTIAL_FIELDS)[number];
  label: string;
  /** An example of the value, for a placeholder. */
  hint: string;
  /** Self-hosted servers often need no secret. */
  isOptional: boolean;
}

/** The wire language an endpoint speaks. */
export type Dialect = "openai" | "anthropic" | "google";

export interface Provider {
  id: string;
  name: string;
  dialect: Dialect;
  /** Origin and path prefix, no trailing slash; a credential may be stored with another one. */
  defaultBaseUrl: string;
  auth: AuthScheme;
  /** Appended to the base URL; absent: the provider does not have it. */
  paths: { chat: string; models?: string };
  /** How a secret looks, for the form's placeholder. */
  secretHint: string;
  /** The price library's name for it; null: its prices are unknown. */
  priceProviderId: string | null;
}

/** `bearer` sends `authorization: Bearer <secret>`; otherwise the named header carries the bare secret. */
export type AuthScheme = "bearer" | "x-api-key" | "x-goog-api-key";

export declare const PROVIDERS: readonly Provider[];

/** Undefined: no such row. */
export declare function providerById(id: string): Provider | undefined;

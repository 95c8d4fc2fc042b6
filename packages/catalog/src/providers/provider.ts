import type { AuthScheme, CredentialField } from "./credential-field.ts";
import type { CredentialProbe } from "./credential-probe.ts";
import type { ModelListing } from "./model-listing.ts";
import type { Serving } from "./serving.ts";

/** Paths of the endpoints for stored objects, appended to the base URL. */
export interface Stores {
  /** OpenAI's files. Absent: none. */
  files?: string;
}

export interface Provider {
  id: string;
  name: string;
  /** Origin and path prefix without a trailing slash. A credential may have another one. Empty: each credential needs one. */
  defaultBaseUrl: string;
  /** An example of a base URL, where there is no default. */
  baseUrlExample?: string;
  auth: AuthScheme;
  credential: readonly CredentialField[];
  /** By the id of a wire (`packages/proxy/src/wires`). The first is the provider's own format. */
  serves: Readonly<Record<string, Serving>>;
  /** Where it stores objects for its clients. Absent: the gateway stores nothing there. */
  stores?: Stores;
  test: CredentialProbe;
  /** How the models of a credential are listed. Null: the provider has no such list. */
  list: ModelListing | null;
  /** The price library's name of the provider; null: its prices are unknown. */
  priceProviderId: string | null;
}

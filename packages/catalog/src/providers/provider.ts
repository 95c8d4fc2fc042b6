import type { CredentialField, CredentialFieldName } from "./credential-field.ts";
import type { CredentialProbe } from "./credential-probe.ts";
import type { AuthScheme, CredentialScheme } from "./credential-scheme.ts";
import type { ModelListing } from "./model-listing.ts";
import type { Serving } from "./serving.ts";

/** Paths of the endpoints for stored objects, appended to the base URL. */
export interface Stores {
  /** OpenAI's files. Absent: none. */
  files?: string;
  /** OpenAI's batches of such files. Absent: none. */
  batches?: string;
  /** OpenAI's containers, in which tools run code. Absent: none. */
  containers?: string;
  /** Anthropic's files. Absent: none. */
  messageFiles?: string;
  /** Anthropic's message batches. Absent: none. */
  messageBatches?: string;
}

export interface Provider {
  id: string;
  name: string;
  /**
   * Origin and path prefix without a trailing slash. A credential may have another one. Empty: each credential needs one.
   * `{region}` is replaced by that setting of the credential.
   */
  defaultBaseUrl: string;
  /** An example of a base URL, where there is no default. */
  baseUrlExample?: string;
  /** A credential's own base URL without a path gets the path of the default: people copy the address of their resource. */
  addsPath?: true;
  /** Other base URLs for single values of a setting. */
  specialBaseUrls?: readonly { field: CredentialFieldName; value: string; baseUrl: string }[];
  auth: AuthScheme;
  /** The name of `auth` in a form, beside alternatives. Default "API key". */
  authName?: string;
  credential: readonly CredentialField[];
  /** Other ways to authenticate than `auth`. */
  alternatives?: readonly CredentialScheme[];
  /** By the id of a wire (`packages/proxy/src/wires`). The first is the provider's own format. */
  serves: Readonly<Record<string, Serving>>;
  /** Where it stores objects for its clients. Absent: the gateway stores nothing there. */
  stores?: Stores;
  test: CredentialProbe;
  /** How the models of a credential are listed. Null: the provider has no such list. */
  list: ModelListing | null;
  /**
   * Models that search the web in chat completions; the others do so in responses only. Null: no model does. Absent: the
   * provider decides.
   */
  searchesInChat?: RegExp | null;
  /** Its usage has the cost of the call, which is then the cost. */
  reportsCost?: true;
  /** The price library's name of the provider; null: its prices are unknown. */
  priceProviderId: string | null;
}

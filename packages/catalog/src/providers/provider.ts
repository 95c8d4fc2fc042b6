import type { AuthScheme, CredentialField } from "./credential-field.ts";
import type { CredentialProbe } from "./credential-probe.ts";
import type { Serving } from "./serving.ts";

export interface Provider {
  id: string;
  name: string;
  /** Origin and path prefix without a trailing slash. A credential may have another one. Empty: each credential needs one. */
  defaultBaseUrl: string;
  auth: AuthScheme;
  credential: readonly CredentialField[];
  /** By the id of a wire (`packages/proxy/src/wires`). The first is the provider's own format. */
  serves: Readonly<Record<string, Serving>>;
  test: CredentialProbe;
  /** The price library's name of the provider; null: its prices are unknown. */
  priceProviderId: string | null;
}

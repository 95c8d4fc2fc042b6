import type { CredentialFieldName } from "@tollgate/catalog/providers";
import type { UpstreamRequest } from "../../upstream.ts";

/** The fields of a decrypted credential, or those that its scheme has got with them. */
export interface CredentialFields extends Readonly<Partial<Record<CredentialFieldName, string>>> {
  /** An API key or a token. Empty: the server needs none, or the scheme has other fields. */
  readonly secret: string;
}

/** The request that a signer reads, and whose headers it extends. */
export type Signable = Omit<UpstreamRequest, "isFresh">;

/** Adds the authentication headers. It may be asynchronous, for example to hash a large body. */
export type Signer = (request: Signable, credential: CredentialFields, now: () => number) => void | Promise<void>;

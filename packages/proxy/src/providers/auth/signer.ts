import type { UpstreamRequest } from "../../upstream.ts";

/** The fields of a decrypted credential. */
export interface CredentialFields {
  /** Empty: the server needs no secret. */
  readonly secret: string;
}

/** The request that a signer reads, and whose headers it extends. */
export type Signable = Omit<UpstreamRequest, "isFresh">;

/** Adds the authentication headers. It may be asynchronous, because some signers get a token first. */
export type Signer = (request: Signable, credential: CredentialFields, now: () => number) => void | Promise<void>;

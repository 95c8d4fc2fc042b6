import type { UpstreamRequest } from "../../upstream.ts";

/** The fields of an opened credential. */
export interface CredentialFields {
  /** Empty: the server wants none. */
  readonly secret: string;
}

/** What a signer reads and adds headers to. */
export type Signable = Omit<UpstreamRequest, "isFresh">;

/** Adds what proves who calls. May be asynchronous: some fetch a token first. */
export type Signer = (request: Signable, credential: CredentialFields, now: () => number) => void | Promise<void>;

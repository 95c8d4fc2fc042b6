/** The fields of an opened credential. */
export interface CredentialFields {
  /** Empty: the server wants none. */
  readonly secret: string;
}

/** The part of a request that a signer reads and adds headers to. */
export interface Signable {
  readonly origin: string;
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: string[];
  readonly body: Buffer | readonly Buffer[];
}

/** Adds what proves who calls. May be asynchronous: some fetch a token first. */
export type Signer = (request: Signable, credential: CredentialFields, now: () => number) => void | Promise<void>;

import type { CredentialFields, Signer } from "./signer.ts";
import type { Post } from "./token-post.ts";

/** How one auth scheme works. */
export interface Auth {
  readonly sign: Signer;
  /** Gets what requests are signed with, such as a token. Absent: the stored fields. */
  readonly exchange?: Exchange;
  /** The secret that the provider gets. It is removed from the provider's answers. Default: `secret`. */
  sent?(fields: CredentialFields): string;
}

export interface Exchange {
  /** Whether this credential needs it. Default: each one does. */
  needs?(fields: CredentialFields): boolean;
  /** Asks the token endpoint. Throws `TokenFault`. */
  run(fields: CredentialFields, tools: ExchangeTools): Promise<Exchanged>;
}

export interface ExchangeTools {
  post: Post;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** What requests are signed with, for a time. */
export interface Exchanged {
  fields: CredentialFields;
  lifetimeMs: number;
}

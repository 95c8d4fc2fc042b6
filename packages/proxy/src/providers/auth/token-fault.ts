/**
 * Why there is no token. `secret`: the secret is refused. `client`: the application or account is unknown. `tenant`: the
 * directory is unknown. `role`: the role may not be assumed. `region`: there are no tokens in this region. `clock`: the time
 * of the signature is refused. `unreachable`: the token endpoint does not answer. `refused`: another refusal. `invalid`: the
 * answer or a field of the credential cannot be used.
 */
export type TokenFaultKind =
  | "secret"
  | "client"
  | "tenant"
  | "role"
  | "region"
  | "clock"
  | "unreachable"
  | "refused"
  | "invalid";

/** A token endpoint gave no token. The message is for the log; it contains no secret. */
export class TokenFault extends Error {
  override readonly name = "TokenFault";
  readonly kind: TokenFaultKind;
  /** The HTTP status of the token endpoint; null: it did not answer. */
  readonly status: number | null;

  constructor(kind: TokenFaultKind, message: string, status: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.status = status;
  }
}

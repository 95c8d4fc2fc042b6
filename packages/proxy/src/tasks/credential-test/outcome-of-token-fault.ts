import type { CredentialTestOutcome } from "@tollgate/contracts/tasks";
import type { TokenFault, TokenFaultKind } from "../../providers/auth/token-fault.ts";
import { outcomeOfError } from "./outcome-of-error.ts";

const BY_KIND: Readonly<Record<TokenFaultKind, CredentialTestOutcome>> = {
  secret: "wrong_secret",
  client: "wrong_client",
  tenant: "wrong_tenant",
  role: "wrong_role",
  region: "wrong_region",
  clock: "wrong_clock",
  refused: "token_refused",
  unreachable: "token_unreachable",
  invalid: "token_refused",
};

/** Why the token endpoint gave no token. */
export function outcomeOfTokenFault({ kind, cause }: TokenFault): CredentialTestOutcome {
  const isBlocked = cause !== undefined && outcomeOfError(cause) === "host_blocked";
  return isBlocked ? "host_blocked" : BY_KIND[kind];
}

import type { Provider } from "@tollgate/catalog/providers";
import type { CredentialPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Soon } from "@tollgate/limits/store";
import { sealFault, unopenable } from "../../failure.ts";
import type { Ports } from "../../ports.ts";
import type { Failure } from "../adapter.ts";
import type { Auth } from "./auth.ts";
import { authOf } from "./auths.ts";
import type { CredentialFields, Signable } from "./signer.ts";
import { TokenFault } from "./token-fault.ts";
import { postOver } from "./token-post.ts";

/** A credential with which requests can be signed. */
export interface ReadyCredential {
  /** What the provider gets of the secret. It is removed from answers. */
  secret: string;
  /** The stored fields, for paths that have settings in them. */
  stored: CredentialFields;
  /** Adds the authentication headers. */
  sign(request: Signable): void | Promise<void>;
  /** Note that the provider refused the credential with a 401. */
  refused(): void;
}

/**
 * Opens a credential, and gets a token if its scheme needs one. At once if nothing must be asked. Throws or rejects with
 * `SealError` or `TokenFault`, see `credentialFailure`.
 */
export function readyCredential(
  { vault, tokens, upstreams, now }: Ports,
  org: OrgPolicy,
  provider: Provider,
  credential: CredentialPolicy,
): Soon<ReadyCredential> {
  const opened = vault.open(org.id, credential);
  const auth = authOf(provider, opened);
  if (!auth) throw new TokenFault("invalid", "this version does not know the auth scheme of the credential");
  const stored = opened.fields();
  const ready = (fields: CredentialFields): ReadyCredential => ({
    secret: sentOf(auth, fields),
    stored,
    sign: (request) => auth.sign(request, fields, now),
    refused: () => tokens.refused(credential.sealed, fields),
  });
  const fields = tokens.ready(auth, credential.sealed, stored, () => postOver(upstreams.for(org)));
  return fields instanceof Promise ? fields.then(ready) : ready(fields);
}

const sentOf = (auth: Auth, fields: CredentialFields): string => auth.sent?.(fields) ?? fields.secret;

/** The failure of an attempt whose credential is not ready; handled like a credential that the provider refuses. */
export function credentialFailure({ metrics }: Ports, error: unknown): Failure {
  if (error instanceof TokenFault) {
    metrics.unopenable("credential_without_token");
    const message = "The gateway got no token for the provider's credential.";
    return { ...unopenable(error), message, internal: `credential_without_token: ${error.kind}: ${error.message}` };
  }
  metrics.unopenable(sealFault(error));
  return unopenable(error);
}

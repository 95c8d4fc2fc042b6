import { TollgateError } from "@tollgate/contracts/errors";
import { SealError, type SealFault } from "@tollgate/vault/seal";
import type { CutReason } from "./cut.ts";
import type { Failure } from "./providers/adapter.ts";

const CUTS: Record<CutReason, Pick<Failure, "code" | "status" | "message">> = {
  client_left: { code: "client_closed_request", status: 499, message: "The client left." },
  deadline: {
    code: "upstream_timeout",
    status: 504,
    message: "The response took longer than the time limit of this request.",
  },
  server_shutdown: {
    code: "server_shutdown",
    status: 503,
    message: "This gateway process is shutting down; try again.",
  },
  key_revoked: { code: "key_revoked", status: 403, message: "This key has been revoked." },
};

/** The failure of a call that was cut. */
export const cutFailure = (reason: CutReason): Failure => ({
  ...CUTS[reason],
  upstreamStatus: 0,
  isRetryable: false,
  mayBeBilled: true,
  retryAfterMs: null,
});

/** The error recorded for a cancelled attempt. */
export const CANCELLED = "cancelled";

/** Another attempt of the call has answered first. It is not a failure of the provider, and no client sees it. */
export const cancelledAttempt: Failure = {
  code: "upstream_error",
  status: 502,
  message: "Cancelled: another attempt has answered first.",
  upstreamStatus: 0,
  isRetryable: false,
  mayBeBilled: true,
  retryAfterMs: null,
};

/** Reasons shown to the operator when a credential cannot be opened. The client does not see them. */
const SEAL_FAULTS: Record<SealFault, string> = {
  key: "credential_not_openable",
  owner: "credential_of_another_owner",
  origin: "credential_origin_mismatch",
  no_origin: "credential_without_origin",
};

export const sealFault = (error: unknown): string =>
  error instanceof SealError ? SEAL_FAULTS[error.fault] : SEAL_FAULTS.key;

/** The failure of an attempt whose sealed credential cannot be opened; handled like a credential that is refused. */
export const unopenable = (error: unknown): Failure => ({
  code: "upstream_auth_error",
  status: 502,
  message: "The provider's credential cannot be opened.",
  upstreamStatus: 0,
  isRetryable: true,
  mayBeBilled: false,
  retryAfterMs: null,
  pause: { reason: "refused", forMs: null },
  internal: `${sealFault(error)}: ${String(error)}`,
});

/** The error for the client. A 4xx of the provider keeps its status and message. */
export function tollgateError(failure: Failure): TollgateError {
  const { code, message, status, param, retryAfterMs, providerCode, failedGeneration } = failure;
  return new TollgateError(code, message, {
    status,
    ...(param !== undefined && { param }),
    ...(providerCode !== undefined && { providerCode }),
    ...(failedGeneration !== undefined && { failedGeneration }),
    ...(retryAfterMs !== null && { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  });
}

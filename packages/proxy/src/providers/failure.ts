import type { PauseReason } from "@tollgate/contracts/credential-pause";
import type { ErrorCode, TollgateError } from "@tollgate/contracts/errors";
import type { FaultKind, UpstreamFault } from "../upstream-fault.ts";
import type { Failure } from "./adapter.ts";
import type { Blame } from "./blame.ts";
import { readProviderError } from "./provider-error.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** A response with a status other than 2xx. */
export interface RefusedAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  /** The credential's secret. It is removed from the text, because some providers repeat it in errors. */
  secret: string;
}

const RETRY_AFTER_MS_MAX = 600_000;
/** Retry delay for the client when all connections are in use. */
const FULL_RETRY_MS = 1_000;

const failure = (
  code: ErrorCode,
  status: number,
  upstreamStatus: number,
  message: string,
  rest?: Partial<Failure>,
) => ({
  code,
  status,
  upstreamStatus,
  message,
  isRetryable: true,
  mayBeBilled: false,
  retryAfterMs: null,
  ...rest,
});

/** Statuses that mean a timeout at or before the provider. The provider may have completed the request anyway. */
const GAVE_UP = new Set([408, 504, 520, 524]);

/** AWS names users, roles and resources with the number of the account. Clients are not told whose account it is. */
const ARN = /\barn:aws[^\s"'`,;]{0,2048}/g;

const ACCOUNT_MESSAGES: Readonly<Partial<Record<Blame, string>>> = {
  spend: "The gateway's account at the provider has no credit left, or has reached its spending limit.",
  clock: "The provider refused the time of the gateway's signature: the clock of the gateway's server is wrong.",
};

const OF_ACCOUNT: ReadonlySet<Blame> = new Set(["account", "spend", "permission", "region", "clock"]);

/**
 * Why the credential is paused. Null: it is not, because it may be refused for this call's model only, or because the
 * clock of the gateway's server is wrong.
 */
function pauseReason(status: number, blame: Blame): PauseReason | null {
  if (status === 402 || blame === "spend") return "spend_cap";
  return status === 401 || blame === "account" ? "refused" : null;
}

/** A single request that exceeds the rate limit by itself. To wait does not help it, and others need not wait. */
function isTooLarge(message: string): boolean {
  const [, limit, requested] = /\blimit:? ([\d,]{1,20}), requested:? ([\d,]{1,20})/i.exec(message) ?? [];
  const tokens = (digits = ""): number => Number(digits.replaceAll(",", ""));
  return /^request too large\b/i.test(message) || tokens(requested) > tokens(limit);
}

/**
 * The failure for a status other than 2xx. The client sees the provider's error text only if it is about the request or
 * its rate. For errors of the account, of the server or in the format the text is our own.
 */
export function failureOfStatus({ status, headers, body, secret }: RefusedAnswer): Failure {
  const { "x-amzn-errortype": awsCode } = headers;
  const error = readProviderError(status, body, secret, typeof awsCode === "string" ? awsCode : undefined);
  const internal = `${status}: ${error.message ?? "no readable error"}`;
  const shown = error.message?.replace(ARN, "[ARN]");
  const mayBeBilled = GAVE_UP.has(status);
  const delayMs = retryDelayMs({ headers, body, message: error.message });
  const retryAfterMs = delayMs && Math.min(delayMs, RETRY_AFTER_MS_MAX);
  const { blame, words } = error.blamed;
  const isForbidden = (status === 401 || status === 402 || status === 403) && blame !== "model";
  if (isForbidden || OF_ACCOUNT.has(blame)) {
    const message = ACCOUNT_MESSAGES[blame] ?? "The provider refused the gateway's credential.";
    const reason = pauseReason(status, blame);
    return failure("upstream_auth_error", 502, status, message, {
      ...(reason && { pause: { reason, forMs: delayMs, ...(words !== undefined && status !== 402 && { words }) } }),
      internal,
    });
  }
  if (status === 429) {
    return failure("rate_limit_exceeded", 429, status, shown ?? "The provider's rate limit is exceeded.", {
      ...(isTooLarge(error.message ?? "") ? { isOfTarget: true } : { retryAfterMs }),
      internal,
    });
  }
  if (status === 408) {
    return failure("upstream_timeout", 504, status, "The provider reported a timeout.", { mayBeBilled, internal });
  }
  if (blame === "overload" && status < 500) {
    return failure("upstream_error", 502, status, "The provider is overloaded.", { retryAfterMs, internal });
  }
  if (status >= 400 && status < 499) {
    const code = error.isContextLength ? "context_length_exceeded" : "upstream_rejected";
    return failure(
      code,
      error.isContextLength ? 400 : status === 403 ? 404 : status,
      status,
      shown ?? "The provider refused the request.",
      {
        isRetryable: false,
        ...(blame === "model" && !error.isContextLength && { isRetryable: true, isOfTarget: true }),
        param: error.param,
        ...(error.code !== undefined && { providerCode: error.code }),
        ...(error.isContentRefusal && { isContentRefusal: true }),
        ...(error.failedGeneration !== undefined && { failedGeneration: error.failedGeneration }),
        internal,
      },
    );
  }
  if (status >= 500) {
    const message = `The provider responded with status ${status}.`;
    return failure("upstream_error", 502, status, message, { mayBeBilled, retryAfterMs, internal });
  }
  return { ...badAnswer(status, `unexpected status ${status}`), mayBeBilled };
}

/** There is no memory for a response. The provider may charge for it, so it is not asked again. */
export const noMemory = (upstreamStatus: number, { code, status, message }: TollgateError): Failure =>
  failure(code, status, upstreamStatus, message, { isRetryable: false, mayBeBilled: true });

/**
 * The failure for a response that cannot be used although its status is 2xx: wrong format, incomplete, or too large.
 */
export const badAnswer = (upstreamStatus: number, internal: string): Failure =>
  failure("bad_upstream_response", 502, upstreamStatus, "The provider's response is not valid.", {
    mayBeBilled: true,
    internal,
  });

const FAULTS: Record<FaultKind, (internal: string) => Failure> = {
  full: (internal) =>
    failure("overloaded", 503, 0, "Too many calls to this provider are in progress; try again.", {
      connection: "full",
      retryAfterMs: FULL_RETRY_MS,
      internal,
    }),
  stale: (internal) =>
    failure("upstream_error", 502, 0, "The provider closed the connection.", {
      connection: "stale",
      mayBeBilled: true,
      internal,
    }),
  refused: (internal) => failure("upstream_error", 502, 0, "The provider could not be reached.", { internal }),
  unreachable: (internal) => failure("upstream_error", 502, 0, "The provider could not be reached.", { internal }),
  blocked: (internal) => failure("upstream_error", 502, 0, "The provider's address is not allowed.", { internal }),
  reset: (internal) =>
    failure("upstream_error", 502, 0, "The provider closed the connection.", { mayBeBilled: true, internal }),
  connect_timeout: (internal) =>
    failure("upstream_timeout", 504, 0, "The provider could not be reached in time.", { internal }),
  header_timeout: (internal) =>
    failure("upstream_timeout", 504, 0, "The provider did not respond in time.", { mayBeBilled: true, internal }),
  first_token_timeout: (internal) =>
    failure("upstream_timeout", 504, 0, "The model did not begin its answer in time.", { mayBeBilled: true, internal }),
  idle_timeout: (internal) =>
    failure("upstream_timeout", 504, 0, "The provider stopped sending data.", { mayBeBilled: true, internal }),
  malformed: (internal) => badAnswer(0, internal),
  aborted: (internal) =>
    failure("client_closed_request", 499, 0, "The client left.", { isRetryable: false, mayBeBilled: true, internal }),
};

export const failureOfFault = ({ kind, internal }: UpstreamFault): Failure => FAULTS[kind](internal);

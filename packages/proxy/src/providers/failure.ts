import type { ErrorCode } from "@tollgate/contracts/errors";
import type { FaultKind, UpstreamFault } from "../upstream-fault.ts";
import type { Failure } from "./adapter.ts";
import { readProviderError } from "./provider-error.ts";

export interface RefusedAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  /** The provider's secret: some providers repeat it in their errors. */
  secret: string;
}

const RETRY_AFTER_MS_MAX = 600_000;
/** When a place may be free again. */
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

/** Statuses by which somebody between us and the provider stopped waiting for it: the provider may have gone on. */
const GAVE_UP = new Set([408, 504, 520, 524]);

/**
 * What a provider's status other than 2xx means here. Its own words pass only when they are about the request; about
 * its account, its health or its bytes the client hears ours.
 */
export function failureOfStatus({ status, headers, body, secret }: RefusedAnswer): Failure {
  const said = readProviderError(body, secret);
  const internal = `${status}: ${said.message ?? "no readable error"}`;
  const mayBeBilled = GAVE_UP.has(status);
  const retryAfterMs = retryAfter(headers) ?? said.retryDelayMs;
  if (status === 401 || status === 402 || status === 403 || said.isAccount) {
    return failure("upstream_auth_error", 502, status, "The provider refused the gateway's credential.", { internal });
  }
  if (status === 429) {
    return failure("rate_limit_exceeded", 429, status, said.message ?? "The provider limits the rate of requests.", {
      retryAfterMs: retryAfterMs && Math.min(retryAfterMs, RETRY_AFTER_MS_MAX),
      internal,
    });
  }
  if (status === 408) {
    return failure("upstream_timeout", 504, status, "The provider gave up waiting.", { mayBeBilled, internal });
  }
  if (status >= 400 && status < 499) {
    const code = said.isContextLength ? "context_length_exceeded" : "upstream_rejected";
    return failure(
      code,
      said.isContextLength ? 400 : status,
      status,
      said.message ?? "The provider refused the request.",
      {
        isRetryable: false,
        param: said.param,
        internal,
      },
    );
  }
  if (status >= 500) {
    const message = `The provider answered ${status}.`;
    return failure("upstream_error", 502, status, message, { mayBeBilled, retryAfterMs, internal });
  }
  return { ...badAnswer(status, `unexpected status ${status}`), mayBeBilled };
}

/** A success that is none: not what was asked for, cut short, too large, or an error in disguise. */
export const badAnswer = (upstreamStatus: number, internal: string): Failure =>
  failure("bad_upstream_response", 502, upstreamStatus, "The provider's answer could not be understood.", {
    mayBeBilled: true,
    internal,
  });

const FAULTS: Record<FaultKind, (internal: string) => Failure> = {
  full: (internal) =>
    failure("overloaded", 503, 0, "Too many calls to this provider are under way; try again.", {
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
    failure("upstream_timeout", 504, 0, "The provider did not answer in time.", { mayBeBilled: true, internal }),
  idle_timeout: (internal) =>
    failure("upstream_timeout", 504, 0, "The provider stopped answering.", { mayBeBilled: true, internal }),
  malformed: (internal) => badAnswer(0, internal),
  aborted: (internal) =>
    failure("client_closed_request", 499, 0, "The client left.", { isRetryable: false, mayBeBilled: true, internal }),
};

export const failureOfFault = ({ kind, internal }: UpstreamFault): Failure => FAULTS[kind](internal);

function retryAfter(headers: RefusedAnswer["headers"]): number | null {
  const milliseconds = Number(headers["retry-after-ms"] || Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const value = headers["retry-after"];
  if (typeof value !== "string" || value === "") return null;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1000;
  // A date is meant by the provider's clock, not by ours.
  const waitMs = Date.parse(value) - Date.parse(String(headers.date));
  return waitMs >= 0 ? waitMs : null;
}

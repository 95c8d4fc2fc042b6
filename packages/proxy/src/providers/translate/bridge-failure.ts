import {
  APICallError,
  EmptyResponseBodyError,
  InvalidArgumentError,
  InvalidPromptError,
  JSONParseError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import type { UpstreamFault } from "../../upstream-fault.ts";
import { errorWithin } from "../../wires/error-within.ts";
import type { Failure } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus, noMemory } from "../failure.ts";
import { UpstreamFailed } from "./upstream-failed.ts";

const INTERNAL_CHARS_MAX = 300;

const rejected = (message: string, param?: string): Failure => ({
  code: "invalid_value",
  status: 400,
  upstreamStatus: 0,
  message,
  param,
  isRetryable: false,
  mayBeBilled: false,
  retryAfterMs: null,
});

/** The failure for an error that the bridge or the AI SDK throws, or that a stream contains. */
export function bridgeFailure(error: unknown, secret: string): Failure {
  const fault = faultIn(error);
  if (fault) return failureOfFault(fault);
  const full = noRoomIn(error);
  if (full) return noMemory(200, full);
  if (error instanceof TollgateError) return rejected(error.message, error.detail.param);
  if (UnsupportedFunctionalityError.isInstance(error)) {
    return rejected(`Not supported by the provider: ${error.functionality}.`);
  }
  if (InvalidPromptError.isInstance(error) || InvalidArgumentError.isInstance(error)) return rejected(error.message);
  if (APICallError.isInstance(error)) return callFailure(error, secret);
  if (hasStatus(error) && !(error instanceof Error)) {
    return failureOfStatus({ status: error.statusCode, headers: {}, body: JSON.stringify({ error }), secret });
  }
  return unreadable(200, error);
}

/** What is not JSON, or empty, is the provider's fault. What has other fields than the AI SDK expects may be ours. */
function unreadable(status: number, error: unknown): Failure {
  const isOurs = !JSONParseError.isInstance(error) && !EmptyResponseBodyError.isInstance(error);
  return { ...badAnswer(status, String(error).slice(0, INTERNAL_CHARS_MAX)), isOurs };
}

const hasStatus = (error: unknown): error is { statusCode: number } =>
  typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number";

/** The upstream's fault, which the library may have wrapped several times. */
function faultIn(error: unknown): UpstreamFault | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UpstreamFailed) return cause.fault;
  }
  return null;
}

/** There was no memory for the response, which the library may have wrapped too. */
function noRoomIn(error: unknown): TollgateError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TollgateError && cause.code === "overloaded") return cause;
  }
  return null;
}

function callFailure(
  { statusCode = 0, responseHeaders = {}, responseBody = "", cause, message }: APICallError,
  secret: string,
): Failure {
  if (statusCode >= 300) {
    return failureOfStatus({ status: statusCode, headers: responseHeaders, body: responseBody, secret });
  }
  const error = errorWithin(responseBody);
  if (error) return failureOfStatus({ ...error, headers: responseHeaders, secret });
  return unreadable(statusCode, cause ?? message);
}

import {
  AISDKError,
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import { upstreamFault } from "../../upstream-fault.ts";
import type { Failure } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { isFields } from "./fields.ts";

const rejected = (message: string, param?: string): Failure => ({
  code: "invalid_value",
  status: 400,
  upstreamStatus: 0,
  message,
  param,
  isRetryable: false,
  retryAfterMs: null,
});

/** Anything the bridge or the AI SDK throws, or sends as an error within a stream. */
export function bridgeFailure(error: unknown, secret: string): Failure {
  if (error instanceof TollgateError) return rejected(error.message, error.detail.param);
  if (UnsupportedFunctionalityError.isInstance(error))
    return rejected(`Not supported by the provider: ${error.functionality}.`);
  if (InvalidPromptError.isInstance(error) || InvalidArgumentError.isInstance(error)) return rejected(error.message);
  if (APICallError.isInstance(error)) return callFailure(error, secret);
  if (isFields(error) && typeof error.statusCode === "number" && !(error instanceof Error)) {
    return failureOfStatus({ status: error.statusCode, headers: {}, body: JSON.stringify({ error }), secret });
  }
  if (AISDKError.isInstance(error)) return badAnswer(200, `${error.name}: ${error.message}`.slice(0, 300));
  return failureOfFault(upstreamFault(error));
}

function callFailure(error: APICallError, secret: string): Failure {
  const { statusCode = 0, responseHeaders = {}, responseBody = "" } = error;
  if (statusCode >= 300)
    return failureOfStatus({ status: statusCode, headers: responseHeaders, body: responseBody, secret });
  const isCut = error.cause instanceof Error && !AISDKError.isInstance(error.cause);
  return isCut && !isOversized(error)
    ? failureOfFault(upstreamFault(error))
    : badAnswer(statusCode, String(error.cause ?? error).slice(0, 300));
}

const isOversized = (error: Error): boolean =>
  error.name === "OversizedAnswer" || (error.cause instanceof Error && isOversized(error.cause));

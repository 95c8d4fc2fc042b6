/**
 * An error before it is written in the format of an API family. `fields` are for programs and are equal in all
 * families.
 */
export interface WordedError {
  code: string;
  status: number;
  message: string;
  /** The request field that caused the error. */
  param: string | null;
  requestId: string;
  /** When a repeat may succeed, if that is known. */
  retryAfterSeconds?: number | undefined;
  fields: object;
}

/** Builds the body of an error response, to be written as JSON. */
export type ErrorWording = (error: WordedError) => object;

const isServerError = (status: number): boolean => status >= 500;

const OPENAI_TYPES: Record<number, string> = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  429: "rate_limit_error",
};

const openAiType = (status: number): string =>
  OPENAI_TYPES[status] ?? (isServerError(status) ? "server_error" : "invalid_request_error");

export const openAiError: ErrorWording = ({ status, message, param, fields }) => ({
  error: { message, type: openAiType(status), param, ...fields },
});

const ANTHROPIC_TYPES: Record<number, string> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

const anthropicType = (status: number): string =>
  ANTHROPIC_TYPES[status] ?? (isServerError(status) ? "api_error" : "invalid_request_error");

export const anthropicError: ErrorWording = ({ status, message, param, requestId, fields }) => ({
  type: "error",
  error: { type: anthropicType(status), message, ...(param !== null && { param }), ...fields },
  request_id: requestId,
});

/** Google's names of statuses (`google.rpc.Code`). */
const GOOGLE_STATUSES: Record<number, string> = {
  401: "UNAUTHENTICATED",
  402: "RESOURCE_EXHAUSTED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const googleStatus = (status: number): string =>
  GOOGLE_STATUSES[status] ?? (isServerError(status) ? "INTERNAL" : "INVALID_ARGUMENT");

const googleDetail = (type: string, fields: object): object => ({
  "@type": `type.googleapis.com/google.rpc.${type}`,
  ...fields,
});

/** Google's clients read the reason and the delay from the details. The first has the fields of all families. */
export const googleError: ErrorWording = ({ code, status, message, param, retryAfterSeconds, fields }) => ({
  error: {
    code: status,
    message,
    status: googleStatus(status),
    details: [
      googleDetail("ErrorInfo", { reason: code.toUpperCase(), domain: "tollgate", ...fields }),
      ...(param === null
        ? []
        : [googleDetail("BadRequest", { fieldViolations: [{ field: param, description: message }] })]),
      ...(retryAfterSeconds === undefined ? [] : [googleDetail("RetryInfo", { retryDelay: `${retryAfterSeconds}s` })]),
    ],
  },
});

export const cohereError: ErrorWording = ({ message, requestId, fields }) => ({ id: requestId, message, ...fields });

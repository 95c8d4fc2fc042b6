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
  fields: object;
}

/** Builds the body of an error response, to be written as JSON. */
export type ErrorWording = (error: WordedError) => object;

const TYPES: Record<number, string> = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  429: "rate_limit_error",
};

const typeOf = (status: number): string => TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");

export const openAiError: ErrorWording = ({ status, message, param, fields }) => ({
  error: { message, type: typeOf(status), param, ...fields },
});

export const anthropicError: ErrorWording = ({ status, message, requestId, fields }) => ({
  type: "error",
  error: { type: typeOf(status), message, ...fields },
  request_id: requestId,
});

export const googleError: ErrorWording = ({ code, status, message, fields }) => ({
  error: { code: status, status: code.toUpperCase(), message, details: [fields] },
});

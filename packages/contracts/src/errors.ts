/** One row per error code that a client can see: its HTTP status and whether a retry can help. */
export const ERRORS = {
  invalid_json: { status: 400, retry: false },
  invalid_utf8: { status: 400, retry: false },
  invalid_type: { status: 400, retry: false },
  missing_required_parameter: { status: 400, retry: false },
  invalid_value: { status: 400, retry: false },
  json_too_deep: { status: 400, retry: false },
  duplicate_key: { status: 400, retry: false },
  duplicate_header: { status: 400, retry: false },
  forbidden_parameter: { status: 400, retry: false },
  conflicting_credentials: { status: 400, retry: false },
  context_length_exceeded: { status: 400, retry: false },
  model_not_priced: { status: 400, retry: false },
  previous_response_not_found: { status: 400, retry: false },
  guardrail_blocked: { status: 400, retry: false },
  missing_api_key: { status: 401, retry: false },
  invalid_api_key: { status: 401, retry: false },
  budget_exceeded: { status: 402, retry: false },
  insufficient_quota: { status: 429, retry: false },
  key_expired: { status: 403, retry: false },
  key_revoked: { status: 403, retry: false },
  key_disabled: { status: 403, retry: false },
  model_not_allowed: { status: 403, retry: false },
  provider_not_allowed: { status: 403, retry: false },
  ip_not_allowed: { status: 403, retry: false },
  tenant_suspended: { status: 403, retry: false },
  forbidden: { status: 403, retry: false },
  model_not_found: { status: 404, retry: false },
  not_found: { status: 404, retry: false },
  method_not_allowed: { status: 405, retry: false },
  request_timeout: { status: 408, retry: true },
  conflict: { status: 409, retry: false },
  idempotency_in_progress: { status: 409, retry: true },
  idempotency_key_reused: { status: 422, retry: false },
  precondition_failed: { status: 412, retry: false },
  request_too_large: { status: 413, retry: false },
  uri_too_long: { status: 414, retry: false },
  unsupported_media_type: { status: 415, retry: false },
  validation_failed: { status: 422, retry: false },
  rate_limit_exceeded: { status: 429, retry: true },
  upgrade_required: { status: 426, retry: false },
  headers_too_large: { status: 431, retry: false },
  client_closed_request: { status: 499, retry: false },
  internal_error: { status: 500, retry: true },
  upstream_error: { status: 502, retry: true },
  upstream_auth_error: { status: 502, retry: true },
  upstream_rejected: { status: 400, retry: false },
  bad_upstream_response: { status: 502, retry: true },
  no_healthy_target: { status: 503, retry: true },
  overloaded: { status: 503, retry: true },
  policy_unavailable: { status: 503, retry: true },
  limit_store_unavailable: { status: 503, retry: true },
  server_shutdown: { status: 503, retry: true },
  spool_unavailable: { status: 503, retry: true },
  database_unavailable: { status: 503, retry: true },
  upstream_timeout: { status: 504, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

/** Public details of a refusal beside its message. They contain no secret, no body, and no amount of another scope. */
export interface ErrorDetail {
  /** The invalid request field, e.g. `messages[3].role`. */
  param?: string;
  /** The limit's scope in words, e.g. `key` or `team Research`. */
  scope?: string;
  window?: string;
  /** ISO 8601 instant at which the window of the limit ends. */
  resetsAt?: string;
  retryAfterSeconds?: number;
  /** The provider's own code of an error about the request. */
  providerCode?: string;
  /** What the model wrote that its provider could not read as a tool call. */
  failedGeneration?: string;
  /** Field → message, for forms and RFC 9457 problems. */
  fields?: Record<string, string>;
  /** Overrides the table's status: a provider's 4xx keeps its status. */
  status?: number;
  headers?: Record<string, string>;
}

/** The error that packages pass to each other. `message` is public; `internal` is only logged. */
export class TollgateError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: ErrorDetail;
  readonly internal: string | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, internal?: string) {
    super(message);
    this.name = "TollgateError";
    this.code = code;
    this.status = detail.status ?? ERRORS[code].status;
    this.detail = detail;
    this.internal = internal;
  }
}

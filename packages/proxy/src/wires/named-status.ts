/** HTTP statuses of errors that have only a name, in any API family. */
const STATUSES: ReadonlyMap<unknown, number> = new Map([
  ["invalid_request_error", 400],
  ["context_length_exceeded", 400],
  ["content_filter", 400],
  ["content_policy_violation", 400],
  ["INVALID_ARGUMENT", 400],
  ["authentication_error", 401],
  ["invalid_api_key", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["model_not_found", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["rate_limit_exceeded", 429],
  ["insufficient_quota", 429],
  ["RESOURCE_EXHAUSTED", 429],
  ["engine_overloaded", 503],
  ["UNAVAILABLE", 503],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

/** The status of the first name that has one. Undefined: none has. */
export function namedStatus(...names: unknown[]): number | undefined {
  for (const name of names) {
    const status = STATUSES.get(name);
    if (status !== undefined) return status;
  }
  return undefined;
}

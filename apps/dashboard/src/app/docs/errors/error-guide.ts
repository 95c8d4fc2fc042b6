import type { ErrorCode } from "@tollgate/contracts/errors";

/** Every code a client can meet: what happened, and what helps. Complete by its type. */
export const ERROR_GUIDE: Record<ErrorCode, string> = {
  invalid_json: "The body is not JSON. Check how it is serialised, and that nothing cuts it short.",
  invalid_utf8: "The body is not UTF-8, or a text in it holds half a character. Send UTF-8.",
  invalid_type: "A field has another type than it should. The error names the field.",
  missing_required_parameter: "A field that must be there is missing. The error names it.",
  invalid_value: "A field's value is out of bounds, or cannot be passed on to the provider. The error names it.",
  json_too_deep: "The body nests deeper than 64 levels. Flatten it.",
  duplicate_key: "One object names a field twice, so what is meant is unclear. Send it once.",
  duplicate_header: "A header that must be single was sent twice.",
  forbidden_parameter:
    "Callers cannot choose base addresses, provider secrets or internal options. Leave the field out.",
  conflicting_credentials: "Two different keys were sent in two headers. Send one.",
  context_length_exceeded: "The prompt is longer than the model can take. Shorten it or ask for a larger model.",
  model_not_priced:
    "A budget applies, and nobody knows what this model costs. An admin can set a price or lift the limit.",
  guardrail_blocked:
    "A guardrail of the organisation blocks this request, or could not check all of it. The error names the rule and says which.",
  missing_api_key: "No key was sent. Put it into the Authorization header as a bearer token.",
  invalid_api_key: "The key is not one of ours: mistyped, deleted, or a provider's own. Make one on the Keys page.",
  budget_exceeded:
    "A budget has too little left. The error says whose, and when it starts anew; an admin can raise it.",
  insufficient_quota: "The same as budget_exceeded, for organisations that prefer status 429.",
  key_expired: "The key's time is over. Make a new one.",
  key_revoked: "The key was revoked. Make a new one.",
  key_disabled: "The key is switched off. Its owner can switch it on again.",
  model_not_allowed:
    "An allow-list of the organisation, the team or the key leaves this model out. The error says which.",
  provider_not_allowed: "The provider behind this model is not allowed for this key.",
  ip_not_allowed: "The key may not be used from this address.",
  tenant_suspended: "The organisation is suspended. Its owner knows more.",
  forbidden: "The role does not have this right. An admin does.",
  model_not_found: "The organisation has no model of this name. GET /v1/models lists those this key may use.",
  not_found: "There is nothing at this address, or nothing with this id that you may see.",
  method_not_allowed: "The address takes other methods. The Allow header lists them.",
  request_timeout: "The request took too long to arrive or to answer. Try again, with less to send or to search.",
  conflict: "Something else stands in the way, such as a name that is taken or a thing in use. The error says what.",
  idempotency_in_progress: "A request with this idempotency key is still under way. Wait for it.",
  idempotency_key_reused: "This idempotency key came with another body before. Use a new one for a new request.",
  precondition_failed: "It has changed since you read it. Read it again, then change it.",
  request_too_large: "The body is larger than the gateway takes.",
  uri_too_long: "The address is longer than 8 KiB.",
  unsupported_media_type: "Send application/json, packed with gzip, br, deflate or zstd if at all.",
  validation_failed: "Some fields cannot be taken as they are. The error says which, and why.",
  rate_limit_exceeded: "Too many requests, tokens or calls at once. Retry-After says when there is room again.",
  headers_too_large: "The headers exceed 16 KiB or 100 of them.",
  client_closed_request: "The caller left before the answer. It is on record, and never sent.",
  internal_error: "The gateway failed. Try again. If the error persists, give the request id to the operator.",
  upstream_error: "The provider failed, and so did every other target of the model. Try again.",
  upstream_auth_error:
    "The provider refused the organisation's own credential, or its secret was not entered for the origin it has now. An admin must enter it again on the Providers page.",
  upstream_rejected: "The provider refused the request itself. Its own words are in the message.",
  bad_upstream_response: "The provider answered with something that is no answer. Try again.",
  no_healthy_target: "No target of this model can be reached now. Try again shortly.",
  overloaded: "The gateway is at its limits. Try again shortly.",
  policy_unavailable: "The gateway cannot read its policy now, so it can neither know nor refuse this key. Try again.",
  limit_store_unavailable: "What is left of a hard budget cannot be told now, so nothing is spent. Try again shortly.",
  spool_unavailable: "Usage cannot be written down now, so nothing that a hard budget covers is spent. Try again.",
  server_shutdown:
    "The gateway process is being stopped and could not finish this call. Try again; another one answers.",
  database_unavailable:
    "The admin API cannot reach its database now; calls through the gateway go on. Try again shortly.",
  upstream_timeout: "The provider took too long. Try again, or with a longer x-tollgate-timeout-ms.",
};

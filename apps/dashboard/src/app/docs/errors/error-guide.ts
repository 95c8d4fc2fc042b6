import type { ErrorCode } from "@tollgate/contracts/errors";

/** All error codes that a client can get: what happened, and what to do. The type ensures that none is missing. */
export const ERROR_GUIDE: Record<ErrorCode, string> = {
  invalid_json: "The body is not JSON. Check how it is serialised, and that nothing cuts it short.",
  invalid_utf8: "The body is not UTF-8, or a text in it contains half a character. Send UTF-8.",
  invalid_type: "A field has the wrong type. The error names the field.",
  missing_required_parameter: "A required field is missing. The error names it.",
  invalid_value: "The value of a field is out of range, or cannot be sent to the provider. The error names the field.",
  json_too_deep: "The body has more than 64 levels of nesting. Use fewer levels.",
  duplicate_key: "An object or a form has a field twice, which is ambiguous. Send it once.",
  duplicate_header: "A header that may be sent only once was sent twice.",
  forbidden_parameter:
    "Callers cannot choose base addresses, provider secrets or internal options. Leave the field out.",
  conflicting_credentials: "Two different keys were sent in two headers. Send one.",
  context_length_exceeded: "The prompt is too long for the model. Shorten it or use a model with a larger context.",
  model_not_priced:
    "A budget applies, but the price of this model, or of something it is asked for such as searches, is unknown. An admin can set a price or remove the limit.",
  previous_response_not_found:
    "The gateway does not have the earlier response for this key, or no longer. Send its items in input instead.",
  guardrail_blocked:
    "A guardrail of the organisation blocks this request, or could not check all of it. The error names the rule and the reason.",
  missing_api_key: "No key was sent. Put it into the Authorization header as a bearer token.",
  invalid_api_key:
    "The key is not valid: it is mistyped or deleted, or it is a provider's key. Create one on the Keys page.",
  budget_exceeded:
    "A budget has too little left for this call. The error names its scope and the time of its reset. An admin can raise it.",
  insufficient_quota: "The same as budget_exceeded, for organisations that prefer status 429.",
  key_expired: "The key has expired. Create a new one.",
  key_revoked: "The key was revoked. Create a new one.",
  key_disabled: "The key is disabled. Its owner can enable it again.",
  model_not_allowed:
    "An allow-list of the organisation, the team or the key does not allow this model. The error says which one.",
  provider_not_allowed: "The provider behind this model is not allowed for this key.",
  ip_not_allowed: "The key may not be used from this address.",
  tenant_suspended: "The organisation is suspended. Ask its owner.",
  forbidden: "The role does not have this right. Ask an admin.",
  model_not_found:
    "The organisation has no model with this name. GET /v1/models lists the models that this key may use.",
  not_found: "The URL does not exist, or there is no object with this id that you may see.",
  method_not_allowed: "The URL does not support this method. The Allow header lists the supported ones.",
  request_timeout:
    "The request took too long to arrive or to answer. Try again with a smaller body or a narrower search.",
  conflict:
    "The request conflicts with the current state: for example, a name is taken or an object is in use. The error says what.",
  idempotency_in_progress: "A request with this idempotency key is still running. Wait until it has ended.",
  idempotency_key_reused: "This idempotency key was used for another request. Use a new key for a new request.",
  precondition_failed: "The object has changed since you read it. Read it again, then change it.",
  request_too_large: "The body is larger than the gateway accepts.",
  uri_too_long: "The URL is longer than 8 KiB.",
  unsupported_media_type:
    "Send application/json, or multipart/form-data for files, uncompressed or compressed with gzip, br, deflate or zstd.",
  validation_failed: "Some fields are not valid. The error names them and says why.",
  rate_limit_exceeded: "Too many requests, tokens or calls at once. Retry-After says when to try again.",
  upgrade_required: "This endpoint speaks WebSocket, version 13. Open a WebSocket connection to it.",
  headers_too_large: "The headers exceed 16 KiB, or there are more than 100.",
  client_closed_request: "The client left before the answer. This code is only recorded, never sent.",
  internal_error: "The gateway failed. Try again. If the error persists, give the request id to the operator.",
  upstream_error: "All targets of the model failed. Try again.",
  upstream_auth_error:
    "The provider refused the organisation's credential, or its secret was entered for another origin. An admin must enter it again on the Providers page.",
  upstream_rejected: "The provider refused the request. The message contains the provider's text.",
  bad_upstream_response: "The provider's answer is not valid. Try again.",
  no_healthy_target: "No target of this model is available now. Try again shortly.",
  overloaded: "The gateway is overloaded. Try again shortly.",
  policy_unavailable: "The gateway cannot read its policy now, so it cannot check this key. Try again.",
  limit_store_unavailable: "A blocking limit cannot be checked now, so the call is refused. Try again shortly.",
  spool_unavailable: "Usage cannot be recorded now, so calls under a blocking budget are refused. Try again.",
  server_shutdown:
    "The gateway process is stopping and could not finish this call. Try again; another process answers.",
  database_unavailable:
    "The admin API cannot reach its database now. Calls through the gateway are not affected. Try again shortly.",
  upstream_timeout:
    "The provider took too long. Try again, possibly with a larger x-tollgate-timeout-ms. An admin can set longer timeouts for the model.",
};

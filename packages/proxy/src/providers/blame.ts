/**
 * What a provider's refusal is about. Only a refusal of the request is final: with another account, region or model, the
 * same request may be answered. `spend`: the account has no money left. `permission`: the account may not do this, which
 * says nothing about other models. `clock`: a signature is refused because of its time.
 */
export type Blame = "request" | "account" | "spend" | "permission" | "clock" | "region" | "model" | "overload";

interface Refusal {
  status: number;
  /** The error's code, type or status, in any API family. */
  codes: readonly string[];
  message: string;
}

const CODES: readonly [Blame, ReadonlySet<string>][] = [
  ["request", new Set(["content_filter", "ResponsibleAIPolicyViolation", "content_policy_violation"])],
  [
    "account",
    new Set([
      ...["account_deactivated", "access_terminated", "invalid_api_key", "invalid_authentication"],
      ...["authentication_error", "API_KEY_INVALID", "UNAUTHENTICATED", "UnrecognizedClientException"],
      ...["InvalidClientTokenId", "ExpiredTokenException", "ExpiredToken", "OptInRequired"],
      ...["MissingAuthenticationTokenException", "IncompleteSignatureException"],
    ]),
  ],
  [
    "spend",
    new Set([
      ...["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error"],
      ...["BILLING_DISABLED", "insufficient_balance", "insufficient_credits", "spend_limit_reached"],
    ]),
  ],
  [
    "permission",
    new Set([
      "permission_error",
      "PERMISSION_DENIED",
      "AccessDenied",
      "NotAuthorized",
      "ServiceQuotaExceededException",
    ]),
  ],
  ["region", new Set(["unsupported_country_region_territory", "incorrect_hostname"])],
  [
    "model",
    new Set([
      ...["model_not_found", "model_not_available", "model_decommissioned", "model_terms_required"],
      "ResourceNotFoundException",
      // Azure
      ...["DeploymentNotFound", "OperationNotSupported", "unavailable_model"],
    ]),
  ],
  [
    "overload",
    new Set([
      ...["overloaded_error", "engine_overloaded", "model_overloaded", "UNAVAILABLE"],
      ...["ModelErrorException", "ModelStreamErrorException"],
    ]),
  ],
];

/** Texts about the account's money that no rate limit uses. */
const SPENT =
  /^[^'"`]*(?:credit balance is too low|reached your specified (?:\w+ )?usage limits?|insufficient (?:credits?|balance|funds)|exceeded your monthly (?:quota|spend)|monthly (?:spend(?:ing)?|usage|budget) (?:limit|cap)|spend(?:ing)? (?:limit|cap) (?:is |has been )?(?:reached|exceeded)|used all (?:of (?:your|its) )?available credits)/i;

/**
 * Texts of refusals that have no code of their own. Rate limits use similar words, so they are not read for a 429. A
 * refusal may quote the request, and a caller must not be able to make a credential look refused, so nothing after a
 * quotation mark counts for the account and the region.
 */
const TEXTS: readonly [Blame, RegExp][] = [
  [
    "account",
    /^[^'"`]*(?:api key (?:not valid|expired)|(?:incorrect|invalid) api key|account is (?:not active|deactivated|suspended)|operation not allowed)/i,
  ],
  ["spend", SPENT],
  ["spend", /^[^'"`]*(?:billing (?:is|account)|exceeded your current quota)/i],
  ["region", /^[^'"`]*(?:location is not supported|not (?:available|supported) in your (?:country|region|location))/i],
  [
    "model",
    /\bmodels?\b.{0,120}\b(?:does not exist|do not have access|not found|is not available|is not supported for|no longer (?:available|supported)|decommissioned|deprecated|not loaded)|\b(?:unknown|invalid|no such) model\b|not a valid model|^model: |on-demand throughput|model identifier is invalid|^resource not found$|\bpublisher model\b.{0,400}\bnot (?:servable|supported) in\b|\bnot allowed to use publisher model\b/i,
  ],
];

const TEXT_STATUSES = new Set([400, 404, 410, 422]);
/** Statuses of refusals because of money that have no code of their own. */
const SPENT_STATUSES = new Set([402, 403, 429]);

/** A key of AWS can have the right to call some models only, so a refusal of one says nothing about others. */
const MODEL_DENIED =
  /^(?:you don.t have access to the model|model access is denied|access denied\. this model)|^user: \S+ is not authorized to perform: bedrock:\w+ on resource/i;

/** Codes of AWS that say one of several things, so the text decides. */
const AWS: Readonly<Record<string, (message: string) => Blame>> = {
  AccessDeniedException: (message) => (MODEL_DENIED.test(message) ? "model" : "permission"),
  InvalidSignatureException: (message) => signatureBlame(message),
  SignatureDoesNotMatch: (message) => signatureBlame(message),
};

function signatureBlame(message: string): Blame {
  if (/^signature (?:expired|not yet current)/i.test(message)) return "clock";
  return /scoped to a valid region/i.test(message) ? "region" : "account";
}

export function blameOf({ status, codes, message }: Refusal): Blame {
  for (const code of codes) if (Object.hasOwn(AWS, code)) return AWS[code]?.(message) ?? "request";
  for (const [blame, known] of CODES) if (codes.some((code) => known.has(code))) return blame;
  if (SPENT_STATUSES.has(status) && SPENT.test(message)) return "spend";
  if (!TEXT_STATUSES.has(status)) return "request";
  return TEXTS.find(([, text]) => text.test(message))?.[0] ?? "request";
}

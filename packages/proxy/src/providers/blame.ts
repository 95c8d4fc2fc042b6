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

/**
 * Texts of accounts are read at the start of a message only, after a few words of the same sentence: what a request says is
 * quoted after a colon, a path or a quotation mark.
 */
const atStart = (texts: string): RegExp => new RegExp(`^(?:[\\w<>-]+ ){0,8}?(${texts})`, "i");

/** Texts about the account's money that no rate limit uses. */
const SPENT = atStart(
  [
    "credit balance is too low",
    "reached your specified (?:\\w+ )?usage limits?",
    "insufficient (?:credits?|balance|funds)",
    "exceeded (?:your|its) monthly (?:quota|spend)",
    "monthly (?:spend(?:ing)?|usage|budget) (?:limit|cap)",
    "spend(?:ing)? (?:limit|cap) (?:is |has been )?(?:reached|exceeded)",
    "used all (?:of (?:your|its) )?available credits",
  ].join("|"),
);

/** Texts of refusals that have no code of their own. Rate limits use similar words, so they are not read for a 429. */
const TEXTS: readonly [Blame, RegExp][] = [
  [
    "account",
    atStart(
      "api key (?:not valid|expired)|(?:incorrect|invalid) api key|account is (?:not active|deactivated|suspended)",
    ),
  ],
  ["account", /^(operation not allowed)\.?$/i],
  ["spend", SPENT],
  ["spend", atStart("billing (?:is (?:not active|disabled)|account)|exceeded your current quota")],
  ["region", /^[^'"`]*(?:location is not supported|not (?:available|supported) in your (?:country|region|location))/i],
  [
    "model",
    /\bmodels?\b.{0,120}\b(?:does not exist|do not have access|not found|is not available|is not supported for|no longer (?:available|supported)|decommissioned|deprecated|not loaded)|\b(?:unknown|invalid|no such) model\b|not a valid model|^model: |on-demand throughput|model identifier is invalid|^resource not found$|\bpublisher model\b.{0,400}\bnot (?:servable|supported) in\b|\bnot allowed to use publisher model\b/i,
  ],
];

const SPENT_TEXTS: typeof TEXTS = [["spend", SPENT]];

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

/** `words`: the words of the text by which the account is blamed, unless a code says so. A request may have caused them. */
export interface Blamed {
  blame: Blame;
  words?: string;
}

export function blameOf({ status, codes, message }: Refusal): Blamed {
  for (const code of codes) if (Object.hasOwn(AWS, code)) return { blame: AWS[code]?.(message) ?? "request" };
  for (const [blame, known] of CODES) if (codes.some((code) => known.has(code))) return { blame };
  const texts = TEXT_STATUSES.has(status) ? TEXTS : SPENT_STATUSES.has(status) ? SPENT_TEXTS : [];
  for (const [blame, text] of texts) {
    const found = text.exec(message);
    if (found) return { blame, ...(found[1] !== undefined && { words: found[1] }) };
  }
  return { blame: "request" };
}

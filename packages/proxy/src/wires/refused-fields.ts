import type { FieldDifference, Serving } from "@tollgate/catalog/providers";
import type { Differences } from "./field-differences.ts";
import { fieldsOf } from "./fields.ts";
import type { Asked } from "./wire.ts";

/** What a provider said when it refused a request. */
export interface Refusal {
  message: string;
  param?: string;
  providerCode?: string;
}

/** The request that was refused. */
export interface Refused {
  body: object;
  asked: Asked;
  serving: Serving;
  /** The bytes were passed. Otherwise the request was translated, and `body` is the client's. */
  isPassed: boolean;
}

/**
 * Fields that do not change the meaning of a request: hints, sampling, labels. A request may be sent again without them,
 * and the client is told. All other fields stay refused, except with a value that means the same as no field.
 */
const HINTS: ReadonlySet<string> = new Set([
  ...["stream_options", "parallel_tool_calls", "reasoning_effort", "verbosity", "prediction"],
  ...["temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty", "seed"],
  ...["user", "safety_identifier", "metadata", "prompt_cache_key", "prompt_cache_retention"],
]);

/** The values that mean the same as no field. */
const DEFAULTS: Readonly<Record<string, ReadonlySet<unknown>>> = {
  encoding_format: new Set([null, "float"]),
  logprobs: new Set([null, false]),
  n: new Set([null, 1]),
  service_tier: new Set([null, "auto", "default"]),
  tool_choice: new Set([null, "auto"]),
};

/** Fields with a few named values. A provider that refuses one of the values may take another. */
const CHOICES: ReadonlySet<string> = new Set(["reasoning_effort", "verbosity", "prompt_cache_retention"]);

/** The two names of the output limit. If one is refused, the other is tried, because the limit must not get lost. */
const OTHER_BOUND: Readonly<Record<string, string>> = {
  max_tokens: "max_completion_tokens",
  max_completion_tokens: "max_tokens",
};

/** Finds a field's own name in a text, but not that of a field inside it. */
const nameOf = (field: string): RegExp =>
  new RegExp(`(?<![\\w.])(?:body\\.)?${field}(?:\\.include_usage)?(?![\\w[]|\\.\\w)`);

const LEARNABLE: readonly [string, RegExp][] = [...HINTS, ...Object.keys(DEFAULTS), ...Object.keys(OTHER_BOUND)].map(
  (field) => [field, nameOf(field)],
);
/** The refusal is about the value of a field, and not about the field. */
const OF_VALUE = /\bvalues?\b/i;
const CODES = /^(?:un(?:supported|known|recognized|expected)_|extra_forbidden)/;
const TEXTS =
  /not (?:supported|permitted|allowed|recogni[sz]ed)|does(?: not|n't) (?:support|accept|take)|un(?:supported|known|recogni[sz]ed|expected)|extra (?:inputs?|fields?)|no longer (?:supported|accepted)|deprecated/i;

/**
 * The fields that a refusal says are not supported, and that can be left out of this request or sent under another name.
 * Null: there are none, so the refusal stays.
 */
export function refusedFields(refusal: Refusal, { body, asked, serving, isPassed }: Refused): Differences | null {
  const { message, param, providerCode = "" } = refusal;
  if (!CODES.test(providerCode) && !TEXTS.test(message)) return null;
  const given = fieldsOf(body);
  const found: Record<string, FieldDifference> = {};
  for (const [field, own] of LEARNABLE) {
    // The parameter is the provider's own statement. Its message may also mention fields that it does take.
    if (!own.test(param ?? message) || serving.fields?.[field]) continue;
    const value = given[field];
    const other = OTHER_BOUND[field];
    const isAdded = field === "stream_options" && asked.stream;
    if (other !== undefined) {
      if (field === sentBound(given, serving, isPassed)) found[field] = { name: other };
    } else if (isPassed && value === undefined && !isAdded) continue;
    else if (HINTS.has(field)) {
      const isOfValue = CHOICES.has(field) && (providerCode === "unsupported_value" || OF_VALUE.test(message));
      found[field] = isOfValue ? { isRefused: true, isOnce: true } : { isRefused: true };
    } else {
      const only = DEFAULTS[field];
      // With another value the field has a meaning, and must not be left out of later calls.
      if (only?.has(value)) found[field] = { isRefused: true, only };
    }
  }
  return Object.keys(found).length > 0 ? found : null;
}

/** The name under which the output limit was sent, if it was. */
const sentBound = (
  given: Readonly<Record<string, unknown>>,
  { outputBoundField }: Serving,
  isPassed: boolean,
): string =>
  (isPassed ? Object.keys(OTHER_BOUND).find((field) => (given[field] ?? null) !== null) : undefined) ??
  outputBoundField ??
  "max_tokens";

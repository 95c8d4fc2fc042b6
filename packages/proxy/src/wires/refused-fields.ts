import type { FieldDifference, Serving } from "@tollgate/catalog/providers";
import type { Differences } from "./field-differences.ts";
import { fieldsOf } from "./fields.ts";
import { valueAt } from "./inner-field.ts";
import { type Learnable, learnableOf } from "./learnable.ts";
import type { Asked } from "./wire.ts";

/** What a provider said when it refused a request. */
export interface Refusal {
  message: string;
  param?: string;
  providerCode?: string;
}

/** The request that was refused. */
export interface Refused {
  /** The id of the wire of the request to the provider. */
  wire: string;
  body: object;
  asked: Asked;
  serving: Serving;
  /** The bytes were passed. Otherwise the request was translated, and `body` is the client's. */
  isPassed: boolean;
}

const escaped = (text: string): string => text.replaceAll(".", "\\.");

/** Finds a field's own name in a text, but not that of a field inside it. */
const nameOf = (field: string): RegExp =>
  new RegExp(`(?<![\\w.])(?:body\\.)?${escaped(field)}(?:\\.include_usage)?(?![\\w[]|\\.\\w)`);

/** The same for a format whose refusals name only the last part, in either spelling. */
function loneNameOf(field: string): RegExp {
  const last = field.slice(field.lastIndexOf(".") + 1);
  const spellings = [last, last.replace(/[A-Z]/g, "_$&").toLowerCase()];
  return new RegExp(`(?<![\\w])(?:${spellings.join("|")})(?![\\w[]|\\.\\w)`);
}

/** What can be learnt about a wire, with how refusals name each field. */
interface Learning extends Learnable {
  fields: readonly (readonly [field: string, own: RegExp])[];
}

const known = new Map<string, Learning | null>();

function learningOf(wire: string): Learning | null {
  let learning = known.get(wire);
  if (learning === undefined) {
    const row = learnableOf(wire);
    const names = row && [...row.hints, ...Object.keys(row.defaults ?? {}), ...(row.bounds ?? [])];
    const finds = row?.isNamedAlone ? loneNameOf : nameOf;
    learning = row && names ? { ...row, fields: names.map((field) => [field, finds(field)] as const) } : null;
    known.set(wire, learning);
  }
  return learning;
}

/** The refusal is about the value of a field, and not about the field. */
const OF_VALUE = /\bvalues?\b/i;
/** It depends on what else the request has, so other calls of the model may have the field. */
const CONDITIONAL = /\b(?:when|while|if|unless|together|both|combin(?:e|ed|ation))\b/i;
const CODES = /^(?:un(?:supported|known|recognized|expected)_|extra_forbidden)/;
const TEXTS =
  /not (?:supported|permitted|allowed|recogni[sz]ed)|does(?: not|n't) (?:support|accept|take)|un(?:supported|known|recogni[sz]ed|expected)|extra (?:inputs?|fields?)|no longer (?:supported|accepted)|deprecated/i;

/**
 * The fields that a refusal says are not supported, and that can be left out of this request or sent under another name.
 * Null: there are none, so the refusal stays.
 */
export function refusedFields(refusal: Refusal, { wire, body, asked, serving, isPassed }: Refused): Differences | null {
  const { message, param, providerCode = "" } = refusal;
  if (!CODES.test(providerCode) && !TEXTS.test(message)) return null;
  const learning = learningOf(wire);
  if (!learning) return null;
  const { hints, choices = [], defaults = {} } = learning;
  const bounds: readonly string[] = learning.bounds ?? [];
  const given = fieldsOf(body);
  const once = CONDITIONAL.test(message) ? ({ isOnce: true } as const) : {};
  const found: Record<string, FieldDifference> = {};
  for (const [field, own] of learning.fields) {
    // The parameter is the provider's own statement. Its message may also mention fields that it does take.
    if (!own.test(param ?? message) || serving.fields?.[field]) continue;
    const value = valueAt(given, field);
    const other = bounds.includes(field) ? bounds.find((name) => name !== field) : undefined;
    const isAdded = field === "stream_options" && asked.stream;
    if (other !== undefined) {
      if (field === sentBound(given, serving, isPassed, bounds)) found[field] = { name: other };
    } else if (isPassed && value === undefined && !isAdded) continue;
    else if (hints.includes(field)) {
      const isOfValue = choices.includes(field) && (providerCode === "unsupported_value" || OF_VALUE.test(message));
      found[field] = isOfValue ? { isRefused: true, isOnce: true } : { isRefused: true, ...once };
    } else {
      const only = new Set(defaults[field]);
      // With another value the field has a meaning, and must not be left out of later calls.
      if (only.has(value)) found[field] = { isRefused: true, only, ...once };
    }
  }
  return Object.keys(found).length > 0 ? found : null;
}

/** The name under which the output limit was sent, if it was. */
const sentBound = (
  given: Readonly<Record<string, unknown>>,
  { outputBoundField }: Serving,
  isPassed: boolean,
  bounds: readonly string[],
): string =>
  (isPassed ? bounds.find((field) => (given[field] ?? null) !== null) : undefined) ?? outputBoundField ?? "max_tokens";

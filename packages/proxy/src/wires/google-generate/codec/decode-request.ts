import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Bridge, Shaped, Translated } from "../../codec.ts";
import {
  type Fields,
  fieldsOf,
  invalid,
  isFields,
  isNumber,
  isString,
  unsupported,
  unsupportedValue,
} from "../../fields.ts";
import { refuseLacking, refuseLogprobs } from "../../lacking.ts";
import { TOP_LOGPROBS_MAX } from "../../logprobs.ts";
import { readInteger } from "../../request-fields.ts";
import { listOf, named, objectIn } from "../names.ts";
import { decodeContents } from "./decode-contents.ts";
import { decodeFormat } from "./decode-format.ts";
import { decodeThinking } from "./decode-thinking.ts";
import { decodeTools } from "./decode-tools.ts";
import type { Decoding } from "./decoding.ts";
import { generateFieldName } from "./field-name.ts";

/** Fields that this codec or the gateway uses. */
const UNDERSTOOD = new Set(["model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig"]);
/** Fields that say how Google serves the call. An answer means the same without them. */
const HARMLESS = new Set(["safetySettings", "labels", "serviceTier", "store"]);

const CONFIG_UNDERSTOOD = new Set([
  ...["maxOutputTokens", "temperature", "topP", "topK", "stopSequences", "seed", "presencePenalty"],
  ...["frequencyPenalty", "responseMimeType", "responseSchema", "responseJsonSchema", "_responseJsonSchema"],
  ...["thinkingConfig", "candidateCount", "responseModalities", "responseLogprobs", "logprobs"],
]);
const CONFIG_HARMLESS = new Set([
  ...["mediaResolution", "enableEnhancedCivicAnswers", "routingConfig", "modelSelectionConfig", "audioTimestamp"],
]);

/** Values that request nothing. */
const isNeutral = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0);

/**
 * Translates a request to AI SDK call options. Throws 400 and names the field when the provider does not support
 * something the request asks for.
 */
export function decodeRequest(
  { body: given, providerName, upstreamModel, maxOutputTokens }: Translated,
  bridge: Bridge,
): Shaped {
  const body = named(fieldsOf(given));
  const config = objectIn(body, "generationConfig");
  const decoding: Decoding = { bridge, providerName, upstreamModel, ignored: new Set() };
  check(body, "", UNDERSTOOD, HARMLESS, decoding);
  check(config, "generationConfig.", CONFIG_UNDERSTOOD, CONFIG_HARMLESS, decoding);
  if (isNumber(config.candidateCount) && config.candidateCount > 1) {
    throw unsupported("generationConfig.candidateCount above 1", providerName);
  }
  for (const kind of listOf(config.responseModalities)) {
    if (String(kind).toUpperCase() !== "TEXT")
      throw unsupportedValue("generationConfig.responseModalities", kind, providerName);
  }
  const { reasoning, thinkingTokens, wantsThoughts } = decodeThinking(config);
  const options: LanguageModelV4CallOptions = {
    prompt: decodeContents(body, decoding),
    maxOutputTokens: maxOutputTokens ?? number(config, "maxOutputTokens"),
    temperature: number(config, "temperature"),
    topP: number(config, "topP"),
    topK: number(config, "topK"),
    seed: number(config, "seed"),
    presencePenalty: number(config, "presencePenalty") || undefined,
    frequencyPenalty: number(config, "frequencyPenalty") || undefined,
    stopSequences: stops(config),
    responseFormat: decodeFormat(config, providerName),
    ...decodeTools(body, decoding),
    reasoning,
  };
  refuseLacking(options, bridge, generateFieldName, providerName);
  const logprobs =
    config.responseLogprobs === true
      ? (readInteger(config, "logprobs", 0, TOP_LOGPROBS_MAX, "generationConfig.logprobs") ?? 0)
      : undefined;
  refuseLogprobs(logprobs, bridge, "generationConfig.responseLogprobs", providerName);
  const extras = { user: undefined, parallelToolCalls: undefined, thinkingTokens, wantsThoughts, logprobs };
  const shaped = bridge.shape(options, extras, upstreamModel);
  return { ...shaped, ignored: [...decoding.ignored, ...shaped.ignored.map(generateFieldName)] };
}

function check(
  fields: Fields,
  prefix: string,
  understood: ReadonlySet<string>,
  harmless: ReadonlySet<string>,
  { providerName, ignored }: Decoding,
): void {
  for (const name of Object.keys(fields)) {
    if (understood.has(name) || isNeutral(fields[name])) continue;
    if (!harmless.has(name)) throw unsupported(prefix + name, providerName);
    ignored.add(prefix + name);
  }
}

function number(config: Fields, name: string): number | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value)) throw invalid(`generationConfig.${name}`, "a number");
  return value;
}

function stops({ stopSequences }: Fields): string[] | undefined {
  const list = listOf(stopSequences);
  if (!list.every(isString)) throw invalid("generationConfig.stopSequences", "an array of strings");
  return list.length === 0 ? undefined : [...list];
}

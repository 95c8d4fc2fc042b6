import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Bridge, Shaped, Translated } from "../../codec.ts";
import { type Fields, fieldsOf, invalid, isFields, isNumber, isString, optional, unsupported } from "../../fields.ts";
import { refuseLacking, refuseLogprobs } from "../../lacking.ts";
import { TOP_LOGPROBS_MAX } from "../../logprobs.ts";
import { EFFORTS, isEffort, openAiSettings } from "../../openai-settings.ts";
import { readFlag, readInteger, wrongValue } from "../../request-fields.ts";
import { chatFieldName } from "./chat-field-name.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeSearch } from "./decode-search.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";

/** Fields that this codec or the gateway uses. */
const UNDERSTOOD = new Set([
  ...["model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "top_p"],
  ...["top_k", "stop", "seed", "presence_penalty", "frequency_penalty", "tools", "tool_choice", "parallel_tool_calls"],
  ...["response_format", "reasoning_effort", "user", "safety_identifier", "n", "web_search_options"],
  ...["logprobs", "top_logprobs"],
]);

/**
 * Fields that do not change the content of the response, only where and how fast it is made or what the provider
 * stores. They are left out and named in a response header.
 */
const HARMLESS = new Set([
  ...["metadata", "store", "service_tier", "prediction", "prompt_cache_key", "prompt_cache_retention"],
]);

/** Values that SDKs send by default and that request nothing. */
const isNeutral = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && (value.length === 0 || (value.length === 1 && value[0] === "text"))) ||
  (isFields(value) && Object.keys(value).length === 0);

/**
 * Translates an OpenAI chat request to AI SDK call options. Throws 400 and names the field when the provider does not
 * support something the request asks for.
 */
export function decodeChat(
  { body: given, providerName, upstreamModel, maxOutputTokens }: Translated,
  bridge: Bridge,
): Shaped {
  const body = fieldsOf(given);
  const ignored = ignoredFields(body, providerName);
  if (isNumber(body.n) && body.n !== 1) throw unsupported("n", providerName);
  const { user, parallelToolCalls, temperature, topP } = openAiSettings(body);
  const functions = decodeTools(body.tools, bridge, providerName);
  const search = decodeSearch(body, bridge, { upstreamModel, hasFunctions: functions !== undefined }, providerName);
  if (search) ignored.push(...search.ignored);
  const tools = search ? [...(functions ?? []), search.tool] : functions;
  const options: LanguageModelV4CallOptions = {
    prompt: decodeMessages(body.messages, bridge, providerName),
    maxOutputTokens:
      maxOutputTokens ??
      optional(body, "max_completion_tokens", isNumber, "a number") ??
      optional(body, "max_tokens", isNumber, "a number"),
    temperature,
    topP,
    topK: optional(body, "top_k", isNumber, "a number"),
    presencePenalty: optional(body, "presence_penalty", isNumber, "a number") || undefined,
    frequencyPenalty: optional(body, "frequency_penalty", isNumber, "a number") || undefined,
    seed: optional(body, "seed", isNumber, "a number"),
    stopSequences: decodeStop(body.stop),
    responseFormat: decodeResponseFormat(body.response_format),
    tools,
    toolChoice: decodeToolChoice(body.tool_choice, providerName),
    reasoning: optional(body, "reasoning_effort", isEffort, `one of ${EFFORTS.join(", ")}`),
  };
  refuseLacking(options, bridge, chatFieldName, providerName);
  const isAsked = readFlag(body, "logprobs");
  const top = readInteger(body, "top_logprobs", 0, TOP_LOGPROBS_MAX) ?? 0;
  const logprobs = isAsked || top > 0 ? top : undefined;
  refuseLogprobs(logprobs, bridge, isAsked ? "logprobs" : "top_logprobs", providerName);
  if (top > 0 && !isAsked) throw wrongValue("top_logprobs", "left out unless logprobs is true");
  const shaped = bridge.shape(options, { user, parallelToolCalls, logprobs }, upstreamModel);
  return { ...shaped, ignored: [...new Set([...ignored, ...shaped.ignored.map(chatFieldName)])] };
}

function ignoredFields(body: Fields, providerName: string): string[] {
  const others = Object.keys(body).filter((name) => !isNeutral(body[name]) && !UNDERSTOOD.has(name));
  const unknown = others.find((name) => !HARMLESS.has(name));
  if (unknown !== undefined) throw unsupported(unknown, providerName);
  return others;
}

function decodeStop(stop: unknown): string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  if (isString(stop)) return [stop];
  if (Array.isArray(stop) && stop.every(isString)) return stop;
  throw invalid("stop", "a string or an array of strings");
}

function decodeResponseFormat(format: unknown): LanguageModelV4CallOptions["responseFormat"] {
  if (format === undefined || format === null) return undefined;
  if (!isFields(format)) throw invalid("response_format", "an object");
  if (format.type === "text") return { type: "text" };
  // A schema that allows any object. Some providers have a JSON mode only with a schema.
  if (format.type === "json_object") return { type: "json", schema: { type: "object", additionalProperties: true } };
  if (format.type !== "json_schema") throw invalid("response_format.type", "text, json_object or json_schema");
  const { json_schema: wanted } = format;
  if (!isFields(wanted) || !isFields(wanted.schema))
    throw invalid("response_format.json_schema.schema", "a JSON schema");
  return {
    type: "json",
    schema: wanted.schema,
    name: isString(wanted.name) ? wanted.name : undefined,
    description: isString(wanted.description) ? wanted.description : undefined,
  };
}

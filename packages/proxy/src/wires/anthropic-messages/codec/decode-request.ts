import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Bridge, Shaped, Translated } from "../../codec.ts";
import { type Fields, fieldsOf, invalid, isFields, isNumber, isString, optional, unsupported } from "../../fields.ts";
import { refuseLacking } from "../../lacking.ts";
import { endUserOf } from "../end-user.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeThinking } from "./decode-thinking.ts";
import { decodeToolChoice, decodeTools, parallelToolCallsOf } from "./decode-tools.ts";
import { Decoding } from "./decoding.ts";
import { messagesFieldName } from "./field-name.ts";

/** Fields that this codec or the gateway uses. */
const UNDERSTOOD = new Set([
  ...["model", "messages", "system", "stream", "max_tokens", "temperature", "top_p", "top_k", "stop_sequences"],
  ...["tools", "tool_choice", "thinking", "output_config", "output_format", "metadata"],
]);

/** Fields that say how Anthropic serves the call. Its answer means the same without them. */
const HARMLESS = new Set(["service_tier", "context_management", "cache_control", "speed", "fallbacks", "diagnostics"]);

/** Values that request nothing. */
const isNeutral = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0);

/**
 * Translates a messages request to AI SDK call options. Throws 400 and names the field when the provider does not
 * support something the request asks for.
 */
export function decodeRequest(
  { body: given, providerName, upstreamModel, maxOutputTokens }: Translated,
  bridge: Bridge,
): Shaped {
  const body = fieldsOf(given);
  const decoding = new Decoding(bridge, providerName, upstreamModel);
  for (const name of Object.keys(body)) {
    if (UNDERSTOOD.has(name) || isNeutral(body[name])) continue;
    if (!HARMLESS.has(name)) throw unsupported(name, providerName);
    decoding.ignored.add(name);
  }
  const { reasoning, thinkingTokens, wantsThoughts } = decodeThinking(body);
  const options: LanguageModelV4CallOptions = {
    prompt: decodeMessages(body, decoding),
    maxOutputTokens: maxOutputTokens ?? optional(body, "max_tokens", isNumber, "a number"),
    temperature: optional(body, "temperature", isNumber, "a number"),
    topP: optional(body, "top_p", isNumber, "a number"),
    topK: optional(body, "top_k", isNumber, "a number"),
    stopSequences: optional(body, "stop_sequences", isStrings, "an array of strings"),
    responseFormat: decodeFormat(body),
    tools: decodeTools(body.tools, decoding),
    toolChoice: decodeToolChoice(body.tool_choice),
    reasoning,
  };
  refuseLacking(options, bridge, messagesFieldName, providerName);
  const parallelToolCalls = parallelToolCallsOf(body);
  const user = endUserOf(body) ?? undefined;
  const shaped = bridge.shape(options, { user, parallelToolCalls, thinkingTokens, wantsThoughts }, upstreamModel);
  return { ...shaped, ignored: [...decoding.ignored, ...shaped.ignored.map(messagesFieldName)] };
}

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);

/** `output_config.format`, or `output_format` of earlier versions. */
function decodeFormat({
  output_config: config,
  output_format: earlier,
}: Fields): LanguageModelV4CallOptions["responseFormat"] {
  const format = (isFields(config) ? config.format : undefined) ?? earlier;
  if (format === undefined || format === null) return undefined;
  if (!isFields(format) || format.type !== "json_schema") throw invalid("output_config.format.type", "json_schema");
  if (!isFields(format.schema)) throw invalid("output_config.format.schema", "a JSON schema");
  return { type: "json", schema: format.schema };
}

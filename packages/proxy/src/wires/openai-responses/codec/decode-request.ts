import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Bridge, Shaped, Translated } from "../../codec.ts";
import { type Fields, fieldsOf, invalid, isFields, isNumber, isString, optional, unsupported } from "../../fields.ts";
import { refuseLacking, refuseLogprobs } from "../../lacking.ts";
import { TOP_LOGPROBS_MAX } from "../../logprobs.ts";
import { EFFORTS, type Effort, isEffort, openAiSettings } from "../../openai-settings.ts";
import { readInteger } from "../../request-fields.ts";
import { decodeItems } from "./decode-items.ts";
import { decodeTools } from "./decode-tools.ts";
import { responsesFieldName } from "./field-name.ts";

/** Fields that this codec or the gateway uses. */
const UNDERSTOOD = new Set([
  ...["model", "input", "instructions", "stream", "stream_options", "max_output_tokens", "temperature", "top_p"],
  ...["tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "user", "safety_identifier", "store"],
  ...["include", "truncation", "top_logprobs"],
]);

/** Fields that do not change the content of the response. They are left out and named in a response header. */
const HARMLESS = new Set([
  ...["metadata", "service_tier", "prompt_cache_key", "prompt_cache_retention", "max_tool_calls", "client_metadata"],
]);

/** What a request may ask to be included, of what other providers have too. */
const LOGPROBS = "message.output_text.logprobs";
const INCLUDED = new Set<unknown>(["reasoning.encrypted_content", "web_search_call.action.sources", LOGPROBS]);

/** Values that SDKs send by default and that request nothing. */
const isNeutral = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0);

/**
 * Translates a Responses request to AI SDK call options. Throws 400 and names the field when the provider does not
 * support something the request asks for.
 */
export function decodeResponses(
  { body: given, providerName, upstreamModel, maxOutputTokens, isKept }: Translated,
  bridge: Bridge,
): Shaped {
  const body = fieldsOf(given);
  const ignored = ignoredFields(body, providerName, isKept);
  const { user, parallelToolCalls, temperature, topP } = openAiSettings(body);
  const decoded = decodeItems(body, bridge, providerName);
  const { tools, toolChoice, ignored: ignoredTools } = decodeTools(body, bridge, { providerName, upstreamModel });
  const options: LanguageModelV4CallOptions = {
    prompt: decoded.prompt,
    maxOutputTokens: maxOutputTokens ?? optional(body, "max_output_tokens", isNumber, "a number"),
    temperature,
    topP,
    responseFormat: decodeFormat(body.text),
    tools,
    toolChoice,
    reasoning: decodeEffort(body.reasoning),
  };
  refuseLacking(options, bridge, responsesFieldName, providerName);
  const logprobs = decodeLogprobs(body);
  refuseLogprobs(logprobs, bridge, isNumber(body.top_logprobs) ? "top_logprobs" : "include", providerName);
  const extras = { user, parallelToolCalls, wantsThoughts: wantsThoughts(body), logprobs };
  const shaped = bridge.shape(options, extras, upstreamModel);
  const settings = shaped.ignored.map(responsesFieldName);
  const isSearching = tools?.some(({ type }) => type === "provider") ?? false;
  const left = isSearching ? ignored.filter((name) => name !== "max_tool_calls") : ignored;
  return { ...shaped, ignored: [...new Set([...left, ...decoded.ignored, ...ignoredTools, ...settings])] };
}

function ignoredFields(body: Fields, providerName: string, isKept: boolean): string[] {
  const ignored: string[] = [];
  for (const name of Object.keys(body)) {
    if (isNeutral(body[name]) || UNDERSTOOD.has(name)) continue;
    if (!HARMLESS.has(name)) throw unsupported(name, providerName);
    ignored.push(name);
  }
  if (body.store === true && !isKept) {
    const message = `store must be false: ${providerName} does not store responses, and this one is not kept here.`;
    throw new TollgateError("invalid_value", message, { param: "store" });
  }
  // OpenAI stores a response if the request does not say so.
  if ((body.store ?? null) === null && !isKept) ignored.push("store");
  if (body.truncation === "auto") ignored.push("truncation");
  const isExtra = (name: unknown): boolean => !INCLUDED.has(name);
  if (Array.isArray(body.include) && body.include.some(isExtra)) ignored.push("include");
  if (isFields(body.text) && !isNeutral(body.text.verbosity)) ignored.push("text.verbosity");
  return ignored;
}

/** OpenAI sends none unless the request asks for them, or for some of the most likely tokens. */
function decodeLogprobs(body: Fields): number | undefined {
  const top = readInteger(body, "top_logprobs", 0, TOP_LOGPROBS_MAX) ?? 0;
  const isIncluded = Array.isArray(body.include) && body.include.includes(LOGPROBS);
  return isIncluded || top > 0 ? top : undefined;
}

function decodeEffort(reasoning: unknown): Effort | undefined {
  if (reasoning === undefined || reasoning === null) return undefined;
  if (!isFields(reasoning)) throw invalid("reasoning", "an object");
  const { effort } = reasoning;
  if (effort === undefined || effort === null) return undefined;
  if (!isEffort(effort)) throw invalid("reasoning.effort", `one of ${EFFORTS.join(", ")}`);
  return effort;
}

/** A summary is what the client may see of the thoughts. */
const wantsThoughts = ({ reasoning }: Fields): boolean => isFields(reasoning) && (reasoning.summary ?? null) !== null;

function decodeFormat(text: unknown): LanguageModelV4CallOptions["responseFormat"] {
  const format = isFields(text) ? (text.format ?? null) : null;
  if (format === null) return undefined;
  if (!isFields(format)) throw invalid("text.format", "an object");
  if (format.type === "text") return undefined;
  // A schema that allows any object. Some providers have a JSON mode only with a schema.
  if (format.type === "json_object") return { type: "json", schema: { type: "object", additionalProperties: true } };
  if (format.type !== "json_schema") throw invalid("text.format.type", "text, json_object or json_schema");
  if (!isFields(format.schema)) throw invalid("text.format.schema", "a JSON schema");
  return {
    type: "json",
    schema: format.schema,
    name: isString(format.name) ? format.name : undefined,
    description: isString(format.description) ? format.description : undefined,
  };
}

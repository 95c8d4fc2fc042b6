import { OpenAICompatibleChatLanguageModel } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { type Bridge, type ModelSettings, UNSIGNED } from "../codec.ts";
import { leftOut, withFieldChanges } from "../field-differences.ts";
import { type Fields, isFields } from "../fields.ts";
import { chatTokens } from "./chat-tokens.ts";
import { citedIn } from "./cited-in.ts";
import { errorIn, isError } from "./error-in.ts";
import { isFixedSampling, takesEffort } from "./reasoning-models.ts";
import { chatUsage } from "./usage.ts";

/** The AI SDK's namespace for options and metadata of this bridge. */
const NAMESPACE = "compatible";

/** Reaches every provider of OpenAI's chat format. What differs between them is in their rows (`Serving`). */
export const chatBridge: Bridge = {
  open: (settings) =>
    new OpenAICompatibleChatLanguageModel(settings.upstreamModel, {
      provider: NAMESPACE,
      url: () => settings.baseUrl + settings.serving.path,
      headers: { authorization: UNSIGNED },
      fetch: settings.fetch,
      includeUsage: settings.serving.streamUsage !== "always",
      supportsStructuredOutputs: true,
      transformRequestBody: (body) => withDifferences(body, settings),
    }),
  lacks: new Set(),
  takesImageUrls: true,
  takesAudio: true,
  leavesOut: true,
  takesFilesInToolResults: false,
  shape(given, { user, parallelToolCalls, logprobs }, upstreamModel) {
    const { reasoning, temperature, topP, ...rest } = given;
    const ignored: string[] = [];
    const options: LanguageModelV4CallOptions = {
      ...rest,
      includeRawChunks: true,
    };
    if (takesEffort(upstreamModel)) options.reasoning = reasoning;
    else if (reasoning !== undefined && reasoning !== "none") ignored.push("reasoning");
    if (!isFixedSampling(upstreamModel)) Object.assign(options, { temperature, topP });
    else ignored.push(...["temperature", "topP"].filter((name) => isChanged(given[name as "temperature" | "topP"])));
    options.providerOptions = {
      [NAMESPACE]: {
        ...(user !== undefined && { user }),
        ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
        ...(parallelToolCalls === false && given.tools && { parallel_tool_calls: false }),
        // Other formats do not have the conditions that OpenAI makes on strict schemas.
        strictJsonSchema: false,
      },
    };
    return { options, ignored, logprobs };
  },
  extensions: () => undefined,
  callExtras: () => undefined,
  citesSources: true,
  sourcesIn: citedIn,
  logprobsIn: chatTokens,
  // The chunk of the usage has no choices. Some providers report usage so far in each chunk.
  isLastUsage: (part) => {
    const choices = rawChunk(part)?.choices;
    return Array.isArray(choices) && choices.length === 0;
  },
  earlyUsage: (part) => {
    const chunk = rawChunk(part);
    return chunk && (chatUsage.find(chunk) ?? (isFields(chunk.x_groq) ? chunk.x_groq.usage : undefined));
  },
  errorIn: (part) => {
    const chunk = rawChunk(part);
    return chunk && isError(chunk) ? errorIn(chunk, JSON.stringify(chunk)) : undefined;
  },
};

const rawChunk = (part: LanguageModelV4StreamPart): Fields | undefined =>
  part.type === "raw" && isFields(part.rawValue) ? part.rawValue : undefined;

const isChanged = (value: number | undefined): boolean => value !== undefined && value !== 1;

function withDifferences(given: Fields, { serving, upstreamModel, onLeftOut }: ModelSettings): Record<string, unknown> {
  const { max_tokens: bound, messages, ...rest } = given;
  const body = {
    ...rest,
    ...(bound !== undefined && { [serving.outputBoundField ?? "max_tokens"]: bound }),
    messages: withOneSystem(
      serving.takesReasoning ? messages : withoutReasoning(messages),
      serving.takesLateSystem ?? false,
    ),
  };
  onLeftOut(leftOut(body, serving, upstreamModel));
  return withFieldChanges(body, serving.fields, upstreamModel);
}

/** Earlier thoughts, for providers that refuse a message with a field that they do not know. */
const withoutReasoning = (messages: unknown): unknown =>
  Array.isArray(messages)
    ? messages.map((message: Fields) => {
        if (!("reasoning_content" in message)) return message;
        const { reasoning_content: _, ...rest } = message;
        return rest;
      })
    : messages;

/**
 * Joins the system messages at the start, and all of them for providers that take none later: templates of self-hosted
 * models take one.
 */
function withOneSystem(messages: unknown, takesLate: boolean): unknown {
  if (!Array.isArray(messages)) return messages;
  const isSystem = ({ role }: Fields): boolean => role === "system";
  const first = messages.findIndex((message: Fields) => !isSystem(message));
  const joins = (message: Fields, index: number): boolean => isSystem(message) && (!takesLate || index < first);
  const systems = messages.filter(joins);
  if (systems.length < 2 && (systems.length === 0 || joins(messages[0], 0))) return messages;
  const content = systems.map((message: Fields) => message.content).join("\n\n");
  return [{ role: "system", content }, ...messages.filter((message, index) => !joins(message, index))];
}

import { randomUUID } from "node:crypto";
import type { LanguageModelV4GenerateResult } from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import { citedPages, citedSource } from "../../cited-pages.ts";
import type { AnswerNaming, Bridge } from "../../codec.ts";
import { logprobsIn, openAiLogprobs, type TokenLogprob } from "../../logprobs.ts";
import { annotationOf } from "./annotation.ts";
import { encodeUsage } from "./encode-usage.ts";
import type { ChatFinishReason } from "./finish-reason.ts";
import { imageOf } from "./image.ts";
import { encodeThought } from "./thoughts.ts";

export interface ChatIdentity {
  id: string;
  /** Epoch seconds. */
  created: number;
  model: string;
}

/** Uses the provider's id and model name if it sent them. */
export const chatIdentity = (
  response: { id?: string; modelId?: string } | undefined,
  { upstreamModel, nowMs }: AnswerNaming,
): ChatIdentity => ({
  id: `chatcmpl-${response?.id ?? randomUUID()}`,
  created: Math.floor(nowMs / 1000),
  model: response?.modelId ?? upstreamModel,
});

export const logprobsOf = (tokens: readonly TokenLogprob[]): object | null =>
  tokens.length === 0 ? null : { content: openAiLogprobs(tokens), refusal: null };

const joined = (result: LanguageModelV4GenerateResult, type: "text" | "reasoning"): string =>
  result.content.map((part) => (part.type === type ? part.text : "")).join("");

function annotationsOf({ content }: LanguageModelV4GenerateResult, textLength: number) {
  let offset = 0;
  const cited = content.flatMap((part) => {
    if (part.type !== "text") return [];
    offset += part.text.length;
    return citedPages(part.text.length, part.citations, offset - part.text.length);
  });
  const sources = content.flatMap((part) => (part.type === "source" ? (citedSource(part, textLength) ?? []) : []));
  return [...cited, ...sources].map(annotationOf);
}

/** Builds an OpenAI chat completion from a whole (not streamed) result. */
export function encodeChat(
  result: LanguageModelV4GenerateResult,
  { id, created, model }: ChatIdentity,
  finishReason: ChatFinishReason,
  use: Use | null,
  bridge: Bridge,
) {
  const text = joined(result, "text");
  const reasoning = joined(result, "reasoning");
  const toolCalls = result.content
    .filter((part) => part.type === "tool-call")
    // The provider ran these tools itself: the client must not run them again.
    .filter(({ providerExecuted }) => !providerExecuted)
    .map((call) => ({
      id: call.toolCallId,
      type: "function",
      function: { name: call.toolName, arguments: call.input.trim() === "" ? "{}" : call.input },
      ...bridge.callExtras(call),
    }));
  const details = result.content
    .filter((part) => part.type === "reasoning")
    .map((part, index) => encodeThought(part.text, part.providerMetadata, index))
    .filter((detail) => detail !== null);
  const annotations = annotationsOf(result, text.length);
  const images = result.content.flatMap((part) => (part.type === "file" ? (imageOf(part) ?? []) : []));
  const message = {
    role: "assistant",
    content: text === "" && toolCalls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(annotations.length > 0 && { annotations }),
    ...(images.length > 0 && { images }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [{ index: 0, message, logprobs: logprobsOf(logprobsIn(result.content)), finish_reason: finishReason }],
    ...(use && { usage: encodeUsage(use) }),
  };
}

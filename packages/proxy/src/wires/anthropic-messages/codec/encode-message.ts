import { randomUUID } from "node:crypto";
import type { LanguageModelV4Content, LanguageModelV4GenerateResult, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import { carry, idWithMetadata, UNSIGNED_THOUGHT } from "../../carried-metadata.ts";
import type { AnswerNaming } from "../../codec.ts";
import { isFields } from "../../fields.ts";
import { encodeUsage } from "./encode-usage.ts";
import type { StopReason } from "./stop-reason.ts";

export interface MessageIdentity {
  id: string;
  model: string;
}

export const messageIdentity = (
  response: { id?: string; modelId?: string } | undefined,
  { upstreamModel }: AnswerNaming,
): MessageIdentity => ({
  id: `msg_${response?.id ?? randomUUID()}`,
  model: response?.modelId ?? upstreamModel,
});

/** A thought. Without text it is a redacted one: its metadata must come back. Null: there is nothing to send. */
export function thoughtBlock(text: string, metadata: SharedV4ProviderMetadata | undefined) {
  const signature = carry(metadata);
  if (text !== "") return { type: "thinking", thinking: text, signature: signature ?? UNSIGNED_THOUGHT } as const;
  return signature === null ? null : ({ type: "redacted_thinking", data: signature } as const);
}

/** The arguments of a call as an object. Models write invalid JSON at times; then the text is kept. */
export function inputOf(text: string): object {
  if (text.trim() === "") return {};
  try {
    const input: unknown = JSON.parse(text);
    if (isFields(input)) return input;
  } catch {
    // Falls through to the text itself.
  }
  return { arguments: text };
}

/** The content block for a part of a result. None for parts that the format cannot express, such as a provider's tool. */
function blockOf(part: LanguageModelV4Content): object | null {
  switch (part.type) {
    case "text":
      return part.text === "" ? null : { type: "text", text: part.text, citations: null };
    case "reasoning":
      return thoughtBlock(part.text, part.providerMetadata);
    case "tool-call": {
      if (part.providerExecuted) return null;
      const id = idWithMetadata(part.toolCallId, part.providerMetadata);
      return { type: "tool_use", id, name: part.toolName, input: inputOf(part.input) };
    }
    default:
      return null;
  }
}

export const contentOf = ({ content }: LanguageModelV4GenerateResult) =>
  content.map(blockOf).filter((block) => block !== null);

/** Builds a message from a whole (not streamed) result. */
export const encodeMessage = (
  content: readonly object[],
  { id, model }: MessageIdentity,
  stopReason: StopReason,
  use: Use | null,
) => ({
  id,
  type: "message",
  role: "assistant",
  model,
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage: encodeUsage(use ?? { input: 0, output: 0 }),
});

import { randomUUID } from "node:crypto";
import type { LanguageModelV4Content, LanguageModelV4GenerateResult, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import { carry, idWithMetadata, UNSIGNED_THOUGHT } from "../../carried-metadata.ts";
import { type CitedPage, citedPages, citedSource } from "../../cited-pages.ts";
import { claudeSignature } from "../../claude-signature.ts";
import type { AnswerNaming } from "../../codec.ts";
import { isFields } from "../../fields.ts";
import { searchedIn } from "../../searched.ts";
import { citationOf } from "./citation.ts";
import { encodeUsage } from "./encode-usage.ts";
import { imageBlock } from "./image-block.ts";
import { searchBlocks } from "./search-blocks.ts";
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

/** The signature of a thought: Claude's own, which Anthropic takes too, or what another provider requires back. */
export const signatureOf = (metadata: SharedV4ProviderMetadata | undefined): string =>
  claudeSignature(metadata) ?? carry(metadata) ?? UNSIGNED_THOUGHT;

/** A thought. Without text and signature it is a redacted one: its metadata must come back. Null: there is nothing to send. */
export function thoughtBlock(text: string, metadata: SharedV4ProviderMetadata | undefined) {
  if (text !== "" || claudeSignature(metadata) !== undefined) {
    return { type: "thinking", thinking: text, signature: signatureOf(metadata) } as const;
  }
  const data = carry(metadata);
  return data === null ? null : ({ type: "redacted_thinking", data } as const);
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
      return part.text === "" ? null : textBlock(part.text, citedPages(part.text.length, part.citations, 0));
    case "file":
      return imageBlock(part);
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

const textBlock = (text: string, pages: readonly CitedPage[]) => ({
  type: "text",
  text,
  citations: pages.length === 0 ? null : pages.map(citationOf),
});

export function contentOf({ content }: LanguageModelV4GenerateResult): object[] {
  // Pages that the answer cites, but not for which words, belong to its last text.
  const sources = content.flatMap((part) => (part.type === "source" ? (citedSource(part, 0) ?? []) : []));
  const last = sources.length === 0 ? undefined : content.findLast((part) => part.type === "text" && part.text !== "");
  return content.flatMap((part) => {
    const searched = part.type === "tool-result" ? searchedIn(part) : null;
    if (searched) return searchBlocks(searched);
    if (part !== last || part.type !== "text") return blockOf(part) ?? [];
    return textBlock(part.text, [...citedPages(part.text.length, part.citations, 0), ...sources]);
  });
}

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

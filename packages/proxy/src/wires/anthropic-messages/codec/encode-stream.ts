import type {
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4ToolResult,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import { type CitedPage, citedPages, citedSource } from "../../cited-pages.ts";
import type { Encoded, StreamEncoder } from "../../codec.ts";
import { searchedIn } from "../../searched.ts";
import type { TextListener } from "../../text-delta.ts";
import { BlockWriter, frame } from "./block-writer.ts";
import { citationOf } from "./citation.ts";
import { type MessageIdentity, signatureOf, thoughtBlock } from "./encode-message.ts";
import { encodeUsage } from "./encode-usage.ts";
import { imageBlock } from "./image-block.ts";
import { searchBlocks } from "./search-blocks.ts";
import { isWholeStop, stopReasonOf } from "./stop-reason.ts";
import { ToolCalls } from "./tool-calls.ts";

type ThoughtPart = Extract<
  LanguageModelV4StreamPart,
  { type: "reasoning-start" | "reasoning-delta" | "reasoning-end" }
>;

/** Turns AI SDK stream parts into the events of a message, as event-stream text. */
export class MessageStreamEncoder implements StreamEncoder {
  readonly #identity: MessageIdentity;
  readonly #blocks: BlockWriter;
  readonly #calls: ToolCalls;
  /** Metadata of the thought that is open. */
  #signed: SharedV4ProviderMetadata | undefined;
  #hasBegun = false;
  #hasImage = false;
  /** Pages that the answer cites, but not for which words. The last text gets them. */
  readonly #sources: LanguageModelV4Source[] = [];

  constructor(identity: MessageIdentity, onText: TextListener | null) {
    this.#identity = identity;
    this.#blocks = new BlockWriter(onText);
    this.#calls = new ToolCalls(this.#blocks);
  }

  get deliveredBytes(): number {
    return this.#blocks.bytes;
  }

  part(part: LanguageModelV4StreamPart): string {
    const events = this.#eventsOf(part);
    return events === "" ? "" : this.#begin() + events;
  }

  end(reason: LanguageModelV4FinishReason, use: Use | null, costUsd: string | null): Encoded | null {
    const stopReason = stopReasonOf(reason, this.#calls.hasAny);
    if (!stopReason) return null;
    const usage = {
      ...encodeUsage(use ?? { input: 0, output: 0 }),
      ...(costUsd !== null && { cost_usd: Number(costUsd) }),
    };
    const delta = { stop_reason: stopReason, stop_sequence: null };
    const cited = this.#cite(this.#sources.flatMap((source) => citedSource(source, 0) ?? []));
    const events =
      cited + this.#close() + this.#calls.end() + frame("message_delta", { delta, usage }) + frame("message_stop", {});
    return {
      text: this.#begin() + events,
      isWhole: isWholeStop(stopReason) && (this.deliveredBytes > 0 || this.#hasImage),
    };
  }

  #eventsOf(part: LanguageModelV4StreamPart): string {
    switch (part.type) {
      case "text-delta":
        return this.#text(part.delta);
      case "text-end":
        return this.#cite(citedPages(0, part.citations, 0));
      case "source":
        this.#sources.push(part);
        return "";
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        return this.#thought(part);
      case "tool-input-start":
        if (part.providerExecuted) return "";
        return this.#close() + this.#calls.start(part.id, part.toolName, part.providerMetadata);
      case "tool-input-delta":
        return this.#calls.delta(part.id, part.delta);
      case "tool-call":
        return part.providerExecuted ? "" : this.#call(part);
      case "file":
        return this.#image(imageBlock(part));
      case "tool-result":
        return this.#search(part);
      default:
        return "";
    }
  }

  #image(block: object | null): string {
    if (!block) return "";
    this.#hasImage = true;
    return this.#close() + this.#calls.end() + this.#blocks.whole(block);
  }

  #search(part: LanguageModelV4ToolResult): string {
    const searched = searchedIn(part);
    if (!searched) return "";
    const ended = this.#close() + this.#calls.end();
    return searchBlocks(searched).reduce<string>((events, block) => events + this.#blocks.whole(block), ended);
  }

  #cite(pages: readonly CitedPage[]): string {
    if (!this.#blocks.isOpen("text")) return "";
    return pages.map((page) => this.#blocks.citation(citationOf(page))).join("");
  }

  /** The first event. The usage of the prompt is known only at the end. */
  #begin(): string {
    if (this.#hasBegun) return "";
    this.#hasBegun = true;
    const usage = encodeUsage({ input: 0, output: 0 });
    const empty = { content: [], stop_reason: null, stop_sequence: null, usage };
    return frame("message_start", { message: { ...this.#identity, type: "message", role: "assistant", ...empty } });
  }

  #text(delta: string): string {
    if (delta === "") return "";
    if (this.#blocks.isOpen("text")) return this.#blocks.delta(delta);
    const ended = this.#close() + this.#calls.end();
    return ended + this.#blocks.start("text", { type: "text", text: "" }) + this.#blocks.delta(delta);
  }

  #thought(part: ThoughtPart): string {
    // Another thought begins: what came before is complete.
    let events = part.type === "reasoning-start" ? this.#close() + this.#calls.end() : "";
    if (part.providerMetadata) this.#signed = { ...this.#signed, ...part.providerMetadata };
    if (part.type === "reasoning-delta" && part.delta !== "") {
      if (!this.#blocks.isOpen("thinking")) {
        events +=
          this.#blocks.stop() + this.#blocks.start("thinking", { type: "thinking", thinking: "", signature: "" });
      }
      events += this.#blocks.delta(part.delta);
    }
    return part.type === "reasoning-end" ? this.#close() : events;
  }

  #call(call: LanguageModelV4ToolCall): string {
    return (this.#calls.has(call.toolCallId) ? "" : this.#close()) + this.#calls.whole(call);
  }

  /** Ends a text or a thought. A thought that has only metadata becomes a block of its own. */
  #close(): string {
    const signed = this.#signed;
    this.#signed = undefined;
    if (this.#blocks.isOpen("thinking")) {
      return this.#blocks.signature(signatureOf(signed)) + this.#blocks.stop();
    }
    const hidden = signed && thoughtBlock("", signed);
    const ended = this.#blocks.isOpen("text") ? this.#blocks.stop() : "";
    return hidden ? ended + this.#calls.end() + this.#blocks.whole(hidden) : ended;
  }
}

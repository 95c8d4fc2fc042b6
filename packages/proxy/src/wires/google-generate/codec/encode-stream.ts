import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import type { Encoded, StreamEncoder } from "../../codec.ts";
import { logprobsIn, type TokenLogprob } from "../../logprobs.ts";
import type { AnswerPart } from "./answer-parts.ts";
import { type AnswerIdentity, answerOf, encodeUsage } from "./encode-answer.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { type PartWriter, partsFor } from "./part-writer.ts";

const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\r\n\r\n`;

/** Turns AI SDK stream parts into chunks, as event-stream text. */
export class GenerateStreamEncoder implements StreamEncoder {
  readonly #identity: AnswerIdentity;
  readonly #writer: PartWriter;
  /** Metadata of thoughts that have not ended, by the id of their parts. */
  readonly #thoughts = new Map<string, SharedV4ProviderMetadata | undefined>();

  /** Of the whole answer. They follow it. */
  readonly #tokens: TokenLogprob[] = [];

  constructor(identity: AnswerIdentity, writer: PartWriter) {
    this.#identity = identity;
    this.#writer = writer;
  }

  get deliveredBytes(): number {
    return this.#writer.bytes;
  }

  part(part: LanguageModelV4StreamPart): string {
    const parts = this.#partsOf(part);
    return parts.length === 0 ? "" : frame(answerOf(this.#identity, { parts, finishReason: null }));
  }

  end(reason: LanguageModelV4FinishReason, use: Use | null, costUsd: string | null): Encoded | null {
    const finishReason = finishReasonOf(reason);
    if (!finishReason) return null;
    const parts = this.#writer.end();
    const usage = use && { ...encodeUsage(use), ...(costUsd !== null && { cost_usd: Number(costUsd) }) };
    const last = { parts, finishReason, grounding: this.#writer.grounding(), usage, tokens: this.#tokens };
    const hasContent = this.#writer.bytes > 0 || this.#writer.hasFile;
    return { text: frame(answerOf(this.#identity, last)), isWhole: finishReason === "STOP" && hasContent };
  }

  #partsOf(part: LanguageModelV4StreamPart): AnswerPart[] {
    const writer = this.#writer;
    switch (part.type) {
      case "text-start":
        writer.startText();
        return [];
      case "text-end":
        writer.endText(part.citations);
        return [];
      case "text-delta":
        return writer.text(part.delta);
      case "reasoning-start":
        this.#note(part.id, part.providerMetadata);
        return [];
      case "reasoning-delta":
        this.#note(part.id, part.providerMetadata);
        return writer.thought(part.delta, undefined);
      case "reasoning-end": {
        this.#note(part.id, part.providerMetadata);
        const metadata = this.#thoughts.get(part.id);
        this.#thoughts.delete(part.id);
        return writer.thought("", metadata);
      }
      case "custom":
        this.#tokens.push(...logprobsIn([part]));
        return [];
      case "tool-input-start":
        if (!part.providerExecuted) writer.startCall(part.id, part.toolName, part.providerMetadata);
        return [];
      case "tool-input-delta":
        writer.addInput(part.id, part.delta);
        return [];
      default:
        return partsFor(writer, part);
    }
  }

  #note(id: string, metadata: SharedV4ProviderMetadata | undefined): void {
    if (metadata) this.#thoughts.set(id, { ...this.#thoughts.get(id), ...metadata });
  }
}

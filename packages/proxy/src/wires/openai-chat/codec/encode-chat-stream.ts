import type {
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import { type CitedPage, citedPages, citedSource } from "../../cited-pages.ts";
import type { Bridge, Encoded, StreamEncoder } from "../../codec.ts";
import { logprobsIn, type TokenLogprob } from "../../logprobs.ts";
import type { TextListener } from "../../text-delta.ts";
import { visitOutput } from "../visit-output.ts";
import { isWholeEnd } from "../whole-end.ts";
import { annotationOf } from "./annotation.ts";
import { type ChatIdentity, logprobsOf } from "./encode-chat.ts";
import { encodeUsage } from "./encode-usage.ts";
import { type ChatFinishReason, chatFinishReason } from "./finish-reason.ts";
import { imageOf } from "./image.ts";
import { encodeThought } from "./thoughts.ts";

type ThoughtPart = Extract<
  LanguageModelV4StreamPart,
  { type: "reasoning-start" | "reasoning-delta" | "reasoning-end" }
>;

/** The arguments of a call without arguments: clients parse them as JSON. */
const EMPTY_INPUT = "{}";

/** Turns AI SDK stream parts into OpenAI's chunks, as event-stream text. */
export class ChatStreamEncoder implements StreamEncoder {
  deliveredBytes = 0;
  readonly #identity: ChatIdentity;
  readonly #wantsUsage: boolean;
  readonly #bridge: Bridge;
  readonly #onText: TextListener | null;
  #hasBegun = false;
  /** Thoughts that have not ended, by the id of their parts. */
  readonly #thoughts = new Map<string, { text: string; metadata: SharedV4ProviderMetadata | undefined }>();
  #details = 0;
  #images = 0;
  /** Log probabilities of the text that follows. */
  readonly #tokens: TokenLogprob[] = [];
  /** Length of all text so far, and where its last part begins: citations name places in it. */
  #textLength = 0;
  #textStart = 0;
  /** Pages that the answer cites, but not for which words. They follow the text. */
  readonly #sources: LanguageModelV4Source[] = [];
  /** Tool call id → index of the call in the response, and whether it has arguments so far. */
  readonly #calls = new Map<string, { index: number; hasInput: boolean }>();

  constructor(identity: ChatIdentity, wantsUsage: boolean, bridge: Bridge, onText: TextListener | null) {
    this.#onText = onText;
    this.#identity = identity;
    this.#wantsUsage = wantsUsage;
    this.#bridge = bridge;
  }

  /** The chunk for a part. Empty if the chat format has none for it. */
  part(part: LanguageModelV4StreamPart): string {
    switch (part.type) {
      case "text-delta":
        this.#textLength += part.delta.length;
        return this.#words("content", part.delta);
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        return this.#thought(part);
      case "text-start":
        this.#textStart = this.#textLength;
        return "";
      case "text-end":
        return this.#cite(citedPages(this.#textLength - this.#textStart, part.citations, this.#textStart));
      case "source":
        this.#sources.push(part);
        return "";
      case "custom":
        this.#tokens.push(...logprobsIn([part]));
        return "";
      case "file":
        return this.#image(imageOf(part));
      case "tool-input-start":
        return part.providerExecuted ? "" : this.#openCall(part.id, part.toolName, "");
      case "tool-input-delta":
        return this.#arguments(part.id, part.delta);
      case "tool-call":
        // The provider ran the tool itself: the client must not run it again.
        return part.providerExecuted ? "" : this.#wholeCall(part);
      default:
        return "";
    }
  }

  /** The finish reason, the usage if the client asked for it, and `[DONE]`. */
  end(reason: LanguageModelV4FinishReason, use: Use | null, costUsd: string | null): Encoded | null {
    const finishReason = chatFinishReason(reason);
    if (!finishReason) return null;
    const sources = this.#sources.flatMap((source) => citedSource(source, this.#textLength) ?? []);
    const finish = this.#cite(sources) + this.#chunk({}, finishReason);
    const usage = use && {
      ...this.#head(),
      choices: [],
      usage: { ...encodeUsage(use), ...(costUsd !== null && { cost_usd: Number(costUsd) }) },
    };
    const last = usage && this.#wantsUsage ? frame(usage) : "";
    const isWhole = isWholeEnd(finishReason) && this.deliveredBytes > 0;
    return { text: `${finish}${last}data: [DONE]\n\n`, isWhole };
  }

  #cite(pages: readonly CitedPage[]): string {
    return pages.length === 0 ? "" : this.#chunk({ annotations: pages.map(annotationOf) }, null);
  }

  #image(image: ReturnType<typeof imageOf>): string {
    if (!image) return "";
    // It is output, but no text: its size says nothing about tokens.
    this.deliveredBytes += 1;
    return this.#chunk({ images: [{ index: this.#images++, ...image }] }, null, false);
  }

  /** The metadata of a thought is known at its end. It follows with the whole text, for the next request. */
  #thought(part: ThoughtPart): string {
    const thought = this.#thoughts.get(part.id) ?? { text: "", metadata: undefined };
    this.#thoughts.set(part.id, thought);
    if (part.providerMetadata) thought.metadata = { ...thought.metadata, ...part.providerMetadata };
    if (part.type === "reasoning-delta") {
      thought.text += part.delta;
      return this.#words("reasoning_content", part.delta);
    }
    if (part.type === "reasoning-start") return "";
    this.#thoughts.delete(part.id);
    const detail = encodeThought(thought.text, thought.metadata, this.#details);
    if (!detail) return "";
    this.#details += 1;
    return this.#chunk({ reasoning_details: [detail] }, null);
  }

  #words(field: "content" | "reasoning_content", delta: string): string {
    if (delta === "") return "";
    this.deliveredBytes += Buffer.byteLength(delta);
    return this.#chunk({ [field]: delta }, null);
  }

  #openCall(id: string, name: string, input: string, extras?: object): string {
    const index = this.#calls.size;
    this.#calls.set(id, { index, hasInput: input !== "" });
    this.deliveredBytes += Buffer.byteLength(name) + Buffer.byteLength(input);
    return this.#chunk(
      { tool_calls: [{ index, id, type: "function", function: { name, arguments: input }, ...extras }] },
      null,
    );
  }

  #arguments(id: string, delta: string): string {
    const call = this.#calls.get(id);
    if (!call || delta === "") return "";
    call.hasInput = true;
    this.deliveredBytes += Buffer.byteLength(delta);
    return this.#chunk({ tool_calls: [{ index: call.index, function: { arguments: delta } }] }, null);
  }

  /** Ends a tool call whose arguments came in deltas, or writes a tool call that came in one part. */
  #wholeCall(call: LanguageModelV4ToolCall): string {
    const extras = this.#bridge.callExtras(call);
    const input = call.input.trim() === "" ? EMPTY_INPUT : call.input;
    const known = this.#calls.get(call.toolCallId);
    if (!known) return this.#openCall(call.toolCallId, call.toolName, input, extras);
    if (!extras && known.hasInput) return "";
    // Clients add up the arguments of each delta, so there is always a `function`.
    const rest = known.hasInput ? "" : input;
    this.deliveredBytes += Buffer.byteLength(rest);
    return this.#chunk({ tool_calls: [{ index: known.index, function: { arguments: rest }, ...extras }] }, null);
  }

  #head() {
    const { id, created, model } = this.#identity;
    return { id, object: "chat.completion.chunk", created, model };
  }

  #chunk(delta: object, finishReason: ChatFinishReason | null, isText = true): string {
    if (this.#onText && isText) visitOutput(0, delta, this.#onText);
    const opened = this.#hasBegun ? delta : { role: "assistant", content: "", ...delta };
    this.#hasBegun = true;
    const isOfText = "content" in delta || finishReason !== null;
    const logprobs = isOfText ? logprobsOf(this.#tokens.splice(0)) : null;
    const choices = [{ index: 0, delta: opened, logprobs, finish_reason: finishReason }];
    return frame({ ...this.#head(), choices, ...(this.#wantsUsage && { usage: null }) });
  }
}

const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;

import type {
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4ToolResult,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import type { AnswerNaming, Encoded, StreamEncoder } from "../../codec.ts";
import { logprobsIn, type TokenLogprob } from "../../logprobs.ts";
import { searchedIn } from "../../searched.ts";
import type { TextListener } from "../../text-delta.ts";
import { answerEnd } from "./answer-end.ts";
import { EventWriter } from "./event-writer.ts";
import { OpenCall } from "./open-call.ts";
import { OpenMessage } from "./open-message.ts";
import { OpenReasoning } from "./open-reasoning.ts";
import { imageItem, searchItem, wantsSources } from "./output-items.ts";
import { type RequestTool, requestTools } from "./request-tools.ts";
import { encodeUsage, idsFor, responseObject } from "./response-object.ts";

/**
 * Turns AI SDK stream parts into OpenAI's events. Nothing is written before the first text, thought or call, so that
 * another provider can be tried until then.
 */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #writer: EventWriter;
  readonly #make: ReturnType<typeof responseObject>;
  readonly #tools: ReadonlyMap<string, RequestTool>;
  readonly #wantsSources: boolean;
  /** Log probabilities of the text that follows. */
  readonly #tokens: TokenLogprob[] = [];
  /** The message to which texts are added, until an item of another kind begins. */
  #message: OpenMessage | null = null;
  /** Pages that the answer cites, but not for which words. They are added to its last message. */
  readonly #sources: LanguageModelV4Source[] = [];
  readonly #reasonings = new Map<string, OpenReasoning>();
  readonly #calls = new Map<string, OpenCall>();

  constructor(response: { modelId?: string } | undefined, naming: AnswerNaming, onText: TextListener | null) {
    this.#make = responseObject(response, naming);
    this.#tools = requestTools(naming.request).tools;
    this.#wantsSources = wantsSources(naming.request);
    this.#writer = new EventWriter(this.#make([], null, null), idsFor(naming), onText);
  }

  get deliveredBytes(): number {
    return this.#writer.deliveredBytes;
  }

  part(part: LanguageModelV4StreamPart): string {
    this.#take(part);
    return this.#writer.flush();
  }

  end(reason: LanguageModelV4FinishReason, use: Use | null, costUsd: string | null): Encoded | null {
    const end = answerEnd(reason);
    if (!end) return null;
    for (const source of this.#sources) this.#message?.citeSource(source);
    this.#endMessage();
    for (const id of [...this.#reasonings.keys()]) this.#endReasoning(id, undefined);
    for (const call of this.#calls.values()) call.end(null);
    const usage = use && { ...encodeUsage(use), ...(costUsd !== null && { cost_usd: Number(costUsd) }) };
    const output = this.#writer.output();
    const response = JSON.stringify(this.#make(output, end, usage));
    this.#writer.last(`response.${end.status}`, response);
    return { text: this.#writer.flush(), isWhole: end.status === "completed" && output.length > 0, response };
  }

  #take(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "text-delta":
        if (part.delta === "") return;
        this.#message ??= new OpenMessage(this.#writer);
        this.#message.add(part.delta, this.#tokens.splice(0));
        return;
      case "text-start":
        this.#message?.startPart();
        return;
      case "text-end":
        this.#message?.endPart(part.citations);
        return;
      case "source":
        this.#sources.push(part);
        return;
      case "reasoning-start":
      case "reasoning-delta":
        this.#reason(part.id, part.type === "reasoning-delta" ? part.delta : "", part.providerMetadata);
        return;
      case "reasoning-end":
        this.#endReasoning(part.id, part.providerMetadata);
        return;
      case "tool-input-start":
        if (!part.providerExecuted) this.#openCall({ toolCallId: part.id, ...part });
        return;
      case "tool-input-delta":
        this.#calls.get(part.id)?.add(part.delta);
        return;
      case "tool-call":
        this.#wholeCall(part);
        return;
      case "custom":
        this.#tokens.push(...logprobsIn([part]));
        return;
      case "tool-result":
        this.#search(part);
        return;
      case "file":
        this.#endMessage();
        this.#writer.whole(imageItem(part, this.#writer.newId));
        return;
      default:
    }
  }

  #search(part: LanguageModelV4ToolResult): void {
    const searched = searchedIn(part);
    if (!searched) return;
    this.#endMessage();
    this.#writer.whole(searchItem(searched, this.#writer.newId, this.#wantsSources));
  }

  #endMessage(): void {
    this.#message?.end();
    this.#message = null;
  }

  #reason(id: string, delta: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const open = this.#reasonings.get(id) ?? new OpenReasoning(this.#writer);
    this.#reasonings.set(id, open);
    if (delta !== "") this.#endMessage();
    open.add(delta, metadata);
  }

  #endReasoning(id: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const open = this.#reasonings.get(id);
    this.#reasonings.delete(id);
    open?.add("", metadata);
    open?.end();
  }

  #openCall({ toolCallId, toolName, providerMetadata }: Omit<LanguageModelV4ToolCall, "type" | "input">): OpenCall {
    this.#endMessage();
    const call = new OpenCall(this.#writer, { toolCallId, toolName, providerMetadata }, this.#tools.get(toolName));
    this.#calls.set(toolCallId, call);
    return call;
  }

  /** Ends a call whose arguments came in deltas, or writes a call that came in one part. */
  #wholeCall(part: LanguageModelV4ToolCall): void {
    // A call that the provider runs itself is not one for the client.
    if (part.providerExecuted) return;
    const call = this.#calls.get(part.toolCallId) ?? this.#openCall(part);
    call.end(part);
  }
}

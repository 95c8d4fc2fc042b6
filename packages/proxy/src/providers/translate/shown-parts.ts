import type {
  LanguageModelV4Content,
  LanguageModelV4CustomContent,
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolResult,
} from "@ai-sdk/provider";
import type { Bridge, Shaped } from "../../wires/codec.ts";
import { logprobsPart } from "../../wires/logprobs.ts";
import { Searches } from "../../wires/searched.ts";

/** Which parts of one result clients get to see, and the cited pages that the provider package does not read. */
export class ShownParts {
  readonly #bridge: Bridge;
  /** Names of the client's tools. */
  readonly #offered: ReadonlySet<string>;
  /** Ids of texts and calls that are not shown. */
  readonly #hidden = new Set<string>();
  readonly #logprobs: number | undefined;
  readonly searches = new Searches();
  #hasCall = false;
  readonly #cited = new Set<string>();

  constructor(bridge: Bridge, { options: { tools }, logprobs }: Shaped) {
    this.#bridge = bridge;
    this.#logprobs = logprobs;
    this.#offered = new Set(tools?.map(({ name }) => name));
  }

  /** The part as clients see it. Null: they do not. */
  shown<Part extends LanguageModelV4StreamPart | LanguageModelV4Content>(
    part: Part,
  ): Part | LanguageModelV4ToolResult | null {
    return this.#hides(part) ? null : this.searches.take(part);
  }

  /** Whether a part belongs to a text that is no text of the answer, or to a tool that the client did not offer. */
  #hides(part: LanguageModelV4StreamPart | LanguageModelV4Content): boolean {
    if (part.type === "source") return !this.#bridge.citesSources;
    this.#hasCall ||= part.type === "tool-call" && !part.providerExecuted && !this.#isOwnTool(part.toolName);
    const hidesTool = "toolName" in part && this.#isOwnTool(part.toolName);
    const hidesText =
      "providerMetadata" in part && part.providerMetadata && this.#bridge.hides?.(part.providerMetadata);
    if (!hidesTool && !hidesText) return "id" in part && part.id !== undefined && this.#hidden.has(part.id);
    const id = "id" in part ? part.id : "toolCallId" in part ? part.toolCallId : "";
    this.#hidden.add(id ?? "");
    return true;
  }

  /** A result whose only calls are not shown has ended for the client. */
  end(given: LanguageModelV4FinishReason): LanguageModelV4FinishReason {
    const reason = this.#bridge.ended?.(given) ?? given;
    const isWithoutCalls = reason.unified === "tool-calls" && !this.#hasCall && this.#hidden.size > 0;
    return isWithoutCalls ? { ...reason, unified: "stop" } : reason;
  }

  /** Cited pages and log probabilities of an answer or a chunk. */
  foundIn(answer: unknown): (LanguageModelV4Source | LanguageModelV4CustomContent)[] {
    const tokens = this.#logprobs === undefined ? [] : (this.#bridge.logprobsIn?.(answer) ?? []);
    return [...this.#sourcesIn(answer), ...logprobsPart(tokens, this.#logprobs ?? 0)];
  }

  /** Each page counts once: some providers repeat them in every chunk. */
  #sourcesIn(answer: unknown): LanguageModelV4Source[] {
    const found = this.#bridge.sourcesIn?.(answer) ?? [];
    return found.filter((source) => {
      const key = JSON.stringify(source);
      return !this.#cited.has(key) && this.#cited.add(key);
    });
  }

  #isOwnTool(name: string): boolean {
    return (this.#bridge.ownTools?.has(name) ?? false) && !this.#offered.has(name);
  }
}

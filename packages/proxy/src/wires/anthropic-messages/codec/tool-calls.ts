import type { LanguageModelV4ToolCall, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { idWithMetadata } from "../../carried-metadata.ts";
import { isFields } from "../../fields.ts";
import type { BlockWriter } from "./block-writer.ts";

interface Call {
  name: string;
  metadata: SharedV4ProviderMetadata | undefined;
  /** Arguments so far. */
  input: string;
  /** Its block was written to the end. */
  isDone: boolean;
}

/**
 * Writes tool calls as blocks, one after the other. Providers may report that a call is complete only at the end of the
 * stream, so a call also ends when the next one starts. If its arguments are not complete then, the next one waits.
 */
export class ToolCalls {
  readonly #blocks: BlockWriter;
  readonly #calls = new Map<string, Call>();
  /** The call whose block is open. */
  #current: Call | null = null;
  /** Calls that wait until the current one is complete. */
  readonly #waiting: string[] = [];

  constructor(blocks: BlockWriter) {
    this.#blocks = blocks;
  }

  get hasAny(): boolean {
    return this.#calls.size > 0;
  }

  has(id: string): boolean {
    return this.#calls.has(id);
  }

  start(id: string, name: string, metadata: SharedV4ProviderMetadata | undefined): string {
    const call: Call = { name, metadata, input: "", isDone: false };
    this.#calls.set(id, call);
    if (!this.#current) return this.#open(id, call);
    if (isComplete(this.#current.input)) return this.#finish() + this.#open(id, call);
    this.#waiting.push(id);
    return "";
  }

  delta(id: string, delta: string): string {
    const call = this.#calls.get(id);
    if (!call || call.isDone) return "";
    call.input += delta;
    return call === this.#current ? this.#blocks.delta(delta) : "";
  }

  /** Ends a call whose arguments came in deltas, or writes one that came in one part. */
  whole({ toolCallId: id, toolName, input, providerMetadata }: LanguageModelV4ToolCall): string {
    let events = "";
    if (!this.#calls.has(id)) {
      events = this.end() + this.start(id, toolName, providerMetadata);
    }
    const call = this.#calls.get(id);
    if (!call || call.isDone) return events;
    if (call.input === "") events += this.delta(id, input);
    return call === this.#current ? events + this.#finish() + this.#next() : events;
  }

  /** Ends the current call and writes those that wait. */
  end(): string {
    return this.#finish() + this.#next();
  }

  #open(id: string, call: Call): string {
    this.#current = call;
    const block = { type: "tool_use", id: idWithMetadata(id, call.metadata), name: call.name, input: {} };
    return this.#blocks.start("tool_use", block, call.name) + this.#blocks.delta(call.input);
  }

  /** A call without arguments has an empty object, not an empty text. */
  #finish(): string {
    const call = this.#current;
    if (!call) return "";
    this.#current = null;
    call.isDone = true;
    const empty = call.input.trim() === "" ? this.#blocks.delta("{}") : "";
    return empty + this.#blocks.stop();
  }

  #next(): string {
    let events = "";
    for (const id of this.#waiting.splice(0)) {
      const call = this.#calls.get(id);
      if (call) events += this.#open(id, call) + this.#finish();
    }
    return events;
  }
}

function isComplete(input: string): boolean {
  if (input.trim() === "") return true;
  try {
    return isFields(JSON.parse(input));
  } catch {
    return false;
  }
}

import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { dataOf, EventBlocks, eventBounds } from "../../sse/event-blocks.ts";
import { type Fields, isFields, isString } from "../fields.ts";
import { endOf, inputOf, sourcesOf, usageOf } from "./content.ts";

type Part = LanguageModelV4StreamPart;

const PLAN = "plan";

const inside = (fields: Fields, name: string): Fields => {
  const value = fields[name];
  return isFields(value) ? value : {};
};

/** Turns the events of one stream into parts. */
class Events {
  /** Kinds of the contents that have begun, by index. */
  readonly #contents = new Map<string, "text" | "reasoning">();
  readonly #calls = new Map<unknown, { id: string; name: string; input: string }>();
  #hasPlan = false;

  read(event: Fields): Part[] {
    const { type, index } = event;
    const delta = inside(event, "delta");
    const message = inside(delta, "message");
    if (type !== "tool-plan-delta" && this.#hasPlan) {
      this.#hasPlan = false;
      return [{ type: "reasoning-end", id: PLAN }, ...this.read(event)];
    }
    switch (type) {
      case "message-start":
        return isString(event.id) ? [{ type: "response-metadata", id: event.id }] : [];
      case "tool-plan-delta":
        return this.#plan(message.tool_plan);
      case "content-start":
      case "content-delta":
        return this.#content(String(index), inside(message, "content"));
      case "content-end":
        return this.#endOfContent(String(index));
      case "citation-start":
        return [message.citations].flat().filter(isFields).flatMap(sourcesOf);
      case "tool-call-start":
      case "tool-call-delta":
        return [message.tool_calls]
          .flat()
          .filter(isFields)
          .flatMap((call) => this.#call(index, call));
      case "tool-call-end":
        return this.#endOfCall(index);
      case "message-end":
        return this.#end(delta);
      default:
        return [];
    }
  }

  #plan(text: unknown): Part[] {
    if (!isString(text) || text === "") return [];
    const start: Part[] = this.#hasPlan ? [] : [{ type: "reasoning-start", id: PLAN }];
    this.#hasPlan = true;
    return [...start, { type: "reasoning-delta", id: PLAN, delta: text }];
  }

  #content(id: string, { type, text, thinking }: Fields): Part[] {
    const kind = this.#contents.get(id) ?? (type === "thinking" || isString(thinking) ? "reasoning" : "text");
    const start: Part[] = this.#contents.has(id) ? [] : [{ type: `${kind}-start`, id }];
    this.#contents.set(id, kind);
    const delta = kind === "reasoning" ? thinking : text;
    return isString(delta) && delta !== "" ? [...start, { type: `${kind}-delta`, id, delta }] : start;
  }

  #endOfContent(id: string): Part[] {
    const kind = this.#contents.get(id);
    this.#contents.delete(id);
    return kind ? [{ type: `${kind}-end`, id }] : [];
  }

  #call(index: unknown, { id, function: called }: Fields): Part[] {
    const { name, arguments: given } = isFields(called) ? called : {};
    const parts: Part[] = [];
    let call = this.#calls.get(index);
    if (!call && isString(name)) {
      call = { id: isString(id) ? id : name, name, input: "" };
      this.#calls.set(index, call);
      parts.push({ type: "tool-input-start", id: call.id, toolName: name });
    }
    if (!call || !isString(given) || given === "") return parts;
    call.input += given;
    // `null` means that there are no arguments, which the end of the call says.
    if (!"null".startsWith(call.input)) parts.push({ type: "tool-input-delta", id: call.id, delta: given });
    return parts;
  }

  #endOfCall(index: unknown): Part[] {
    const call = this.#calls.get(index);
    this.#calls.delete(index);
    if (!call) return [];
    const { id: toolCallId, name: toolName, input } = call;
    return [
      { type: "tool-input-end", id: toolCallId },
      { type: "tool-call", toolCallId, toolName, input: inputOf(input) },
    ];
  }

  #end({ finish_reason: reason, usage, error }: Fields): Part[] {
    const left = [...[...this.#contents.keys()].flatMap((id) => this.#endOfContent(id))];
    const calls = [...this.#calls.keys()].flatMap((index) => this.#endOfCall(index));
    if (isString(error) && error !== "") return [{ type: "error", error: { statusCode: 502, message: error } }];
    return [...left, ...calls, { type: "finish", finishReason: endOf(reason), usage: usageOf(usage) }];
  }
}

/** The parts of a stream, as they arrive. */
export async function* partsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Part, void> {
  yield { type: "stream-start", warnings: [] };
  const events = new Events();
  const blocks = new EventBlocks();
  const read = function* (block: Buffer): Generator<Part> {
    for (const [start, end] of eventBounds(block, block.toString("latin1"))) {
      const event = eventIn(dataOf(block.subarray(start, end)));
      if (event) yield* events.read(event);
    }
  };
  for await (const chunk of body) {
    const block = blocks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (block) yield* read(block);
  }
  yield* read(blocks.rest());
}

/** Null: a comment, or the mark of the end that some servers add. */
function eventIn(data: string): Fields | null {
  if (data === "" || data === "[DONE]") return null;
  const event: unknown = JSON.parse(data);
  return isFields(event) ? event : null;
}

import type { Measure } from "../event-json.ts";
import { type Fields, isFields } from "../fields.ts";
import type { TextListener } from "../text-delta.ts";
import { walkOutput } from "../walk-output.ts";
import { searchesIn } from "./usage.ts";

type Path = (string | number)[];

/** Fields of an item that are not model output: ids, types, encrypted content, images as base64, results of hosted tools. */
const NO_OUTPUT = new Set([
  ...["id", "type", "status", "role", "call_id", "encrypted_content", "result", "results", "annotations", "logprobs"],
  ...[
    "output",
    "outputs",
    "tools",
    "container_id",
    "server_label",
    "fingerprint",
    "phase",
    "url",
    "queries",
    "sources",
  ],
]);
const isNoOutput = (name: string): boolean => NO_OUTPUT.has(name);

/** Where the text of a delta belongs in its item. Events of other types count at their own name. */
const PLACES: Readonly<Record<string, (event: Fields) => Path>> = {
  "response.output_text.delta": ({ content_index: at }) => ["content", Number(at), "text"],
  "response.refusal.delta": ({ content_index: at }) => ["content", Number(at), "refusal"],
  "response.reasoning_text.delta": ({ content_index: at }) => ["content", Number(at), "text"],
  "response.reasoning_summary_text.delta": ({ summary_index: at }) => ["summary", Number(at), "text"],
  "response.function_call_arguments.delta": () => ["arguments"],
  "response.mcp_call_arguments.delta": () => ["arguments"],
  "response.custom_tool_call_input.delta": () => ["input"],
  "response.code_interpreter_call_code.delta": () => ["code"],
};

/** Totals over the output items of a response, across all its events. */
export class ResponseTally {
  /** Bytes (UTF-8) of model output. */
  bytes = 0;
  isRefused = false;
  /** An item, a delta or the end has arrived, so the provider has started to generate. */
  hasBegun = false;
  /** Searches of the items so far. */
  searches = 0;
  readonly #onText: TextListener | null;
  /** Items whose text arrived in deltas. */
  readonly #streamed = new Set<unknown>();

  constructor(onText: TextListener | null) {
    this.#onText = onText;
  }

  delta(event: Fields, type: string, measure: Measure): void {
    const { delta, output_index: index } = event;
    if (typeof delta !== "string" || delta === "") return;
    this.hasBegun = true;
    if (type === "response.refusal.delta") this.isRefused = true;
    this.bytes += measure(delta);
    this.#streamed.add(index);
    if (this.#onText) {
      const path = ["output", Number(index), ...(PLACES[type]?.(event) ?? [type])];
      this.#onText({ choice: 0, path, text: delta });
    }
  }

  /** A complete item of a stream. Its texts count here if they did not arrive in deltas. */
  itemDone({ item, output_index: index }: Fields, measure: Measure): void {
    this.hasBegun = true;
    this.searches += searchesIn([item]);
    this.#item(item, Number(index), measure, this.#streamed.has(index));
    this.#streamed.add(index);
  }

  /** All items of a response. Items that have arrived before are not counted again. */
  output(items: unknown, measure: Measure): void {
    if (!Array.isArray(items)) return;
    this.searches = Math.max(this.searches, searchesIn(items));
    for (const [index, item] of items.entries()) {
      if (!this.#streamed.has(index)) this.#item(item, index, measure, false);
    }
  }

  #item(item: unknown, index: number, measure: Measure, isStreamed: boolean): void {
    if (!isFields(item)) return;
    if (Array.isArray(item.content) && item.content.some((part) => isFields(part) && part.type === "refusal")) {
      this.isRefused = true;
    }
    const counted = isStreamed ? { name: item.name } : item;
    walkOutput(counted, ["output", index], isNoOutput, (text, path) => {
      this.bytes += measure(text);
      this.#onText?.({ choice: 0, path, text });
    });
  }
}

import type { EventWriter } from "./event-writer.ts";
import { type Called, callItem, callPrefix, customInput } from "./output-items.ts";
import type { RequestTool } from "./request-tools.ts";

/** A call of a tool in a stream. */
export class OpenCall {
  readonly #writer: EventWriter;
  readonly #tool: RequestTool | undefined;
  readonly #id: string;
  readonly #position: number;
  #called: Called;
  #isEnded = false;

  constructor(writer: EventWriter, called: Omit<Called, "input">, tool: RequestTool | undefined) {
    this.#writer = writer;
    this.#tool = tool;
    this.#id = writer.newId(callPrefix(tool));
    this.#called = { ...called, input: "" };
    this.#position = writer.begin(callItem(this.#id, "in_progress", this.#called, tool));
    writer.said(this.#position, ["name"], tool?.name ?? called.toolName);
  }

  add(delta: string): void {
    if (delta === "" || this.#isEnded) return;
    this.#called.input += delta;
    // The arguments contain the text of a custom tool as JSON, which cannot be read before its end.
    if (this.#tool?.kind !== "custom") this.#delta("function_call_arguments", "arguments", delta);
  }

  /** `whole`: the complete call. Null: the provider ended without it, so the deltas are all there is. */
  end(whole: Called | null): void {
    if (this.#isEnded) return;
    const input = (whole?.input || this.#called.input).trim() || "{}";
    if (this.#called.input === "") this.add(input);
    this.#isEnded = true;
    const { toolName } = this.#called;
    this.#called = { ...this.#called, ...whole, toolName, input };
    const name = this.#tool?.name ?? toolName;
    if (this.#tool?.kind === "custom") {
      const text = customInput(input);
      this.#delta("custom_tool_call_input", "input", text);
      this.#event("response.custom_tool_call_input.done", { input: text });
    } else this.#event("response.function_call_arguments.done", { name, arguments: input });
    this.#writer.end(this.#position, callItem(this.#id, "completed", this.#called, this.#tool));
  }

  #delta(kind: string, field: string, delta: string): void {
    this.#writer.said(this.#position, [field], delta);
    this.#event(`response.${kind}.delta`, { delta });
  }

  #event(type: string, fields: object): void {
    this.#writer.event(type, { item_id: this.#id, output_index: this.#position, ...fields });
  }
}

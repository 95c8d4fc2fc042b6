import type { TextListener } from "../../text-delta.ts";
import type { NewId } from "./response-object.ts";

/** Numbers the events of one response, and keeps its items for the last one. */
export class EventWriter {
  deliveredBytes = 0;
  readonly newId: NewId;
  readonly #opening: object;
  readonly #onText: TextListener | null;
  #text = "";
  #count = 0;
  /** By position. Undefined: the item has not ended. */
  readonly #items: (object | undefined)[] = [];

  /** `opening`: the response as it is in the first events. */
  constructor(opening: object, newId: NewId, onText: TextListener | null) {
    this.#opening = opening;
    this.newId = newId;
    this.#onText = onText;
  }

  /** The events since the last call. */
  flush(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  event(type: string, fields: object): void {
    if (this.#count === 0) this.#open();
    this.#write(type, JSON.stringify(fields));
  }

  #open(): void {
    // It repeats the request's instructions and tools, which may be long.
    const opening = `{"response":${JSON.stringify(this.#opening)}}`;
    this.#write("response.created", opening);
    this.#write("response.in_progress", opening);
  }

  /** The last event. `response` is JSON. */
  last(type: string, response: string): void {
    if (this.#count === 0) this.#open();
    this.#write(type, `{"response":${response}}`);
  }

  /** Begins an item and returns its position. */
  begin(item: object): number {
    const position = this.#items.push(undefined) - 1;
    this.event("response.output_item.added", { output_index: position, item });
    return position;
  }

  end(position: number, item: object): void {
    this.#items[position] = item;
    this.event("response.output_item.done", { output_index: position, item });
  }

  /** An item that has no deltas. Null: there is none. */
  whole(item: object | null): void {
    if (item) this.end(this.begin(item), item);
  }

  /** Counts a text of the item at `position`, and passes it to the listener. */
  said(position: number, path: readonly (string | number)[], text: string): void {
    this.deliveredBytes += Buffer.byteLength(text);
    if (text !== "") this.#onText?.({ choice: 0, path: ["output", position, ...path], text });
  }

  output(): object[] {
    return this.#items.filter((item) => item !== undefined);
  }

  /** `fields`: a JSON object with at least one field. */
  #write(type: string, fields: string): void {
    this.#text += `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.#count},${fields.slice(1)}\n\n`;
    this.#count += 1;
  }
}

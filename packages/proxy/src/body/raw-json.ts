import type { FieldSpan } from "./scan-json.ts";

/** A caller's JSON object as it came, changed at its top level without being serialised again. Immutable. */
export class RawJson {
  readonly #bytes: Buffer;
  readonly #text: string;
  readonly #fields: ReadonlyMap<string, FieldSpan>;

  /** `text` is `bytes` decoded; spans are positions in it. */
  constructor(bytes: Buffer, text: string, fields: ReadonlyMap<string, FieldSpan>) {
    this.#bytes = bytes;
    this.#text = text;
    this.#fields = fields;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** The bytes with `changes` (name → JSON text) in place of what they name, or put first when new; all else untouched. */
  with(changes: Readonly<Record<string, string>>): Buffer {
    const replaced: (FieldSpan & { json: string })[] = [];
    let first = "";
    for (const [name, json] of Object.entries(changes)) {
      const span = this.#fields.get(name);
      if (span) replaced.push({ ...span, json });
      else first += `${JSON.stringify(name)}:${json},`;
    }
    if (replaced.length === 0 && first === "") return this.#bytes;
    if (this.#fields.size === 0) first = first.slice(0, -1);
    replaced.sort((a, b) => a.start - b.start);
    let at = this.#text.indexOf("{") + 1;
    let text = this.#text.slice(0, at) + first;
    for (const { start, end, json } of replaced) {
      text += this.#text.slice(at, start) + json;
      at = end;
    }
    return Buffer.from(text + this.#text.slice(at));
  }
}

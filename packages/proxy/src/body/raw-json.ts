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
    const first = Object.entries(changes).flatMap(([name, json]) =>
      this.#fields.has(name) ? [] : [`${JSON.stringify(name)}:${json}`],
    );
    const replaced = this.#replaced(changes);
    if (replaced.length === 0 && first.length === 0) return this.#bytes;
    const begin = this.#text.indexOf("{") + 1;
    const comma = first.length > 0 && this.#fields.size > 0 ? "," : "";
    return Buffer.from(this.#text.slice(0, begin) + first.join(",") + comma + this.#spliced(begin, replaced));
  }

  /** The same object with other values (JSON texts) for fields it has, without reading it once more. */
  edited(changes: Readonly<Record<string, string>>): RawJson {
    const replaced = this.#replaced(changes);
    const text = this.#spliced(0, replaced);
    const lengths = new Map(Object.entries(changes).map(([name, { length }]) => [name, length]));
    const fields = new Map<string, FieldSpan>();
    const inOrder = [...this.#fields].sort(([, a], [, b]) => a.start - b.start);
    let moved = 0;
    for (const [name, { start, end }] of inOrder) {
      const grown = (lengths.get(name) ?? end - start) - (end - start);
      fields.set(name, { start: start + moved, end: end + moved + grown });
      moved += grown;
    }
    return new RawJson(Buffer.from(text), text, fields);
  }

  /** What `changes` replace, in the order of the text. */
  #replaced(changes: Readonly<Record<string, string>>): Replaced[] {
    return Object.entries(changes)
      .flatMap(([name, json]) => {
        const span = this.#fields.get(name);
        return span ? [{ ...span, json }] : [];
      })
      .sort((a, b) => a.start - b.start);
  }

  #spliced(from: number, replaced: readonly Replaced[]): string {
    let text = "";
    let at = from;
    for (const { start, end, json } of replaced) {
      text += this.#text.slice(at, start) + json;
      at = end;
    }
    return text + this.#text.slice(at);
  }
}

interface Replaced extends FieldSpan {
  json: string;
}

import type { FieldSpan } from "./scan-json.ts";

/** A caller's JSON object as bytes, changed at its top level without being serialised again. Immutable. */
export class RawJson {
  readonly #bytes: Buffer;
  readonly #fields: ReadonlyMap<string, FieldSpan>;

  constructor(bytes: Buffer, fields: ReadonlyMap<string, FieldSpan>) {
    this.#bytes = bytes;
    this.#fields = fields;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** The bytes with `changes` (name → JSON text) replaced where the name stands, else put first; all else untouched. */
  with(changes: Readonly<Record<string, string>>): Buffer {
    const replaced: { span: FieldSpan; json: string }[] = [];
    let first = "";
    for (const [name, json] of Object.entries(changes)) {
      const span = this.#fields.get(name);
      if (span) replaced.push({ span, json });
      else first += `${JSON.stringify(name)}:${json},`;
    }
    if (replaced.length === 0 && first === "") return this.#bytes;
    if (this.#fields.size === 0) first = first.slice(0, -1);
    replaced.sort((a, b) => a.span.start - b.span.start);
    const parts: Buffer[] = [];
    let at = this.#bytes.indexOf(0x7b) + 1;
    parts.push(this.#bytes.subarray(0, at), Buffer.from(first));
    for (const { span, json } of replaced) {
      parts.push(this.#bytes.subarray(at, span.start), Buffer.from(json));
      at = span.end;
    }
    parts.push(this.#bytes.subarray(at));
    return Buffer.concat(parts);
  }
}

import type { FieldSpan } from "./json-scan.ts";
import type { RawBody } from "./raw-body.ts";

interface Replaced {
  start: number;
  end: number;
  json: Buffer;
}

type Names = Readonly<Record<string, string | null>>;

const NOTHING = Buffer.alloc(0);

const isEmpty = (names: object): boolean => {
  for (const _name in names) return false;
  return true;
};

/** Undefined: the field keeps its name. */
const nameIn = (names: Names, name: string): string | null | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined;

/** A caller's JSON object as received. Top-level fields can be changed without serialising it again. Immutable. */
export class RawJson implements RawBody {
  readonly contentType = "application/json";
  readonly #bytes: Buffer;
  readonly #fields: ReadonlyMap<string, FieldSpan>;

  constructor(bytes: Buffer, fields: ReadonlyMap<string, FieldSpan>) {
    this.#bytes = bytes;
    this.#fields = fields;
  }

  /** The bytes of a top-level value. Null: there is no such field. */
  value(name: string): Buffer | null {
    const span = this.#fields.get(name);
    return span ? this.#bytes.subarray(span.start, span.end) : null;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /**
   * The bytes with `changes` (name → JSON text): an existing field is replaced, a new one is put first. `names` (old → new)
   * renames existing fields; null leaves the field out.
   */
  with(changes: Readonly<Record<string, string>>, names: Names = {}): Buffer {
    if (isEmpty(changes) && isEmpty(names)) return this.#bytes;
    const [only, ...more] = this.pieces(changes, names);
    return only && more.length === 0 ? only : Buffer.concat([only ?? Buffer.alloc(0), ...more]);
  }

  /** The same in pieces, without a copy, for bodies too large to copy. */
  pieces(changes: Readonly<Record<string, string>>, names: Names = {}): Buffer[] {
    const first = Object.entries(changes).flatMap(([name, json]) =>
      this.#fields.has(name) ? [] : [`${JSON.stringify(name)}:${json}`],
    );
    const replaced = this.#replaced(changes, names);
    if (replaced.length === 0 && first.length === 0) return [this.#bytes];
    const begin = this.#bytes.indexOf("{") + 1;
    const isLeft = [...this.#fields.keys()].some((name) => nameIn(names, name) !== null);
    const comma = first.length > 0 && isLeft ? "," : "";
    const head = [this.#bytes.subarray(0, begin), Buffer.from(first.join(",") + comma)];
    return [...head, ...this.#spliced(begin, replaced)];
  }

  /** The same object with other values (JSON texts) for existing fields, without another scan. */
  edited(changes: Readonly<Record<string, string | Buffer>>): RawJson {
    const replaced = this.#replaced(changes);
    const lengths = new Map(replaced.map(({ start, json }) => [start, json.length]));
    const fields = new Map<string, FieldSpan>();
    const inOrder = [...this.#fields].sort(([, a], [, b]) => a.start - b.start);
    let moved = 0;
    for (const [name, { at, start, end }] of inOrder) {
      const grown = (lengths.get(start) ?? end - start) - (end - start);
      fields.set(name, { at: at + moved, start: start + moved, end: end + moved + grown });
      moved += grown;
    }
    return new RawJson(Buffer.concat(this.#spliced(0, replaced)), fields);
  }

  /** The spans that `changes` replace, by position. */
  #replaced(changes: Readonly<Record<string, string | Buffer>>, names: Names = {}): Replaced[] {
    const replaced = Object.values(names).includes(null) ? this.#leftOut(names) : [];
    for (const [name, json] of Object.entries(changes)) {
      const span = this.#fields.get(name);
      if (span && nameIn(names, name) !== null)
        replaced.push({ ...span, json: typeof json === "string" ? Buffer.from(json) : json });
    }
    for (const [old, name] of Object.entries(names)) {
      const span = this.#fields.get(old);
      if (span && name !== null)
        replaced.push({ start: span.at, end: span.start, json: Buffer.from(`${JSON.stringify(name)}:`) });
    }
    return replaced.sort((a, b) => a.start - b.start);
  }

  /** The spans of the fields that are left out, each with one of its commas. */
  #leftOut(names: Names): Replaced[] {
    const spans: Replaced[] = [];
    let keptEnd: number | null = null;
    let isAfterKept = false;
    for (const [name, { at, end }] of [...this.#fields].sort(([, a], [, b]) => a.start - b.start)) {
      const last = spans.at(-1);
      if (nameIn(names, name) !== null) {
        // The fields before the first one that is kept take the comma after them.
        if (last && keptEnd === null) last.end = at;
        [keptEnd, isAfterKept] = [end, true];
      } else if (last && !isAfterKept) last.end = end;
      else {
        spans.push({ start: keptEnd ?? at, end, json: NOTHING });
        isAfterKept = false;
      }
    }
    return spans;
  }

  /** The bytes from `from` with the replacements. */
  #spliced(from: number, replaced: readonly Replaced[]): Buffer[] {
    const pieces: Buffer[] = [];
    let at = from;
    for (const { start, end, json } of replaced) {
      pieces.push(this.#bytes.subarray(at, start), json);
      at = end;
    }
    return [...pieces, this.#bytes.subarray(at)];
  }
}

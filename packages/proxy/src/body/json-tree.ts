import { notJson } from "./json-bounds.ts";
import type { Level } from "./json-level.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a text.
const CONTROL = /[\0-\x1f]/;
/** Members are parsed together up to about this many bytes, the most that one `JSON.parse` gets. */
const PIECE_BYTES = 8 * 1024;
/** From this size on a string is built in parts. */
const LONG_TEXT_BYTES = 32 * 1024;

/**
 * Builds the value of a large body in pieces during the scan. A small object or array is parsed together with its
 * siblings, as one run of members. A larger one is created here and filled run by run. A long string is also built in
 * parts.
 */
export class JsonTree {
  /** The built value; null when the body is smaller than one piece. */
  root: unknown = null;
  readonly #bytes: Buffer;
  #text = "";
  /** First byte of the current long string that is not in `#text`; -1: no long string. */
  #textAt = -1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Called at a comma, which ends a member of the innermost level. */
  comma(levels: readonly Level[], at: number): void {
    const level = levels.at(-1);
    if (!level) return;
    if (!level.isBuilt) {
      if (at - level.runAt < PIECE_BYTES) return;
      this.#make(levels);
      this.#parseRun(level, at);
    }
    level.isBuilt = false;
    level.runAt = at + 1;
  }

  /** Called at the end of the innermost level. */
  close(levels: readonly Level[], at: number): void {
    const level = levels.at(-1);
    if (!level) return;
    if (!level.built) {
      if (at - level.runAt < PIECE_BYTES) return;
      this.#make(levels);
    }
    if (!level.isBuilt) this.#parseRun(level, at);
    const outer = levels.at(-2);
    if (outer) outer.isBuilt = true;
  }

  /** Called inside a string that began at `start`. `[start, at)` has been read and splits no character or escape. */
  part(levels: readonly Level[], start: number, at: number): void {
    if (at - start < LONG_TEXT_BYTES) return;
    if (this.#textAt === -1) {
      this.#make(levels);
      this.#textAt = start + 1;
    }
    let end = at;
    for (let back = 0; back < 3 && ((this.#bytes[end] ?? 0) & 0xc0) === 0x80; back++) end -= 1;
    this.#addText(end);
  }

  /** Called at the end of a string; `start` and `end` are its quotes. */
  text(levels: readonly Level[], start: number, end: number): void {
    this.part(levels, start, end);
    const level = levels.at(-1);
    if (this.#textAt === -1 || !level) return;
    this.#addText(end);
    this.#attach(level, this.#text);
    level.isBuilt = true;
    this.#text = "";
    this.#textAt = -1;
  }

  #addText(end: number): void {
    if (end <= this.#textAt) return;
    const text = this.#bytes.toString("utf8", this.#textAt, end);
    // Most strings contain no escape. Parsing would make two more copies.
    if (text.includes("\\")) this.#text += this.#parse('"', this.#textAt, end, '"') as string;
    else if (CONTROL.test(text)) throw notJson(this.#textAt);
    else this.#text += text;
    this.#textAt = end;
  }

  /** Creates the objects and arrays that are open and do not exist yet. */
  #make(levels: readonly Level[]): void {
    let outer: Level | undefined;
    for (const level of levels) {
      if (!level.built) {
        level.built = level.isObject ? {} : [];
        if (outer) this.#attach(outer, level.built);
        else this.root = level.built;
      }
      outer = level;
    }
  }

  /** Adds a value that was created here to its parent, after the siblings before it. */
  #attach(level: Level, value: unknown): void {
    if (level.commaAt >= level.runAt) {
      this.#parseRun(level, level.commaAt);
      level.runAt = level.commaAt + 1;
    }
    if (Array.isArray(level.built)) level.built.push(value);
    else if (level.built) set(level.built, level.name, value);
  }

  /** Parses the run of members that ends at `end`. */
  #parseRun({ built, runAt }: Level, end: number): void {
    if (Array.isArray(built)) {
      for (const value of this.#parse("[", runAt, end, "]") as unknown[]) built.push(value);
    } else if (built) {
      const run = this.#parse("{", runAt, end, "}") as Record<string, unknown>;
      for (const [name, value] of Object.entries(run)) set(built, name, value);
    }
  }

  #parse(open: string, from: number, to: number, close: string): unknown {
    try {
      return JSON.parse(open + this.#bytes.toString("utf8", from, to) + close);
    } catch {
      throw notJson(from);
    }
  }
}

/** Defines `__proto__` as a property, because an assignment would change the object's prototype. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

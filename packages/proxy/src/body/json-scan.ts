import { JSON_BOUNDS, type JsonBounds, notAnObject, notJson, tooDeep, tooLarge } from "./json-bounds.ts";
import { Level } from "./json-level.ts";
import type { JsonTree } from "./json-tree.ts";
import { ordinary, type Place } from "./places.ts";

/** Position of a top-level value in the bytes: `[start, end)`. `at`: where its name begins. */
export interface FieldSpan {
  at: number;
  start: number;
  end: number;
}

interface ScanAids {
  text?: string | null;
  isAscii?: boolean;
  tree?: JsonTree | null;
  bounds?: JsonBounds;
  /** The place of the whole body; default: an object without schemas. */
  place?: Place;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Strings up to this many bytes are scanned byte by byte, because a native search has a higher fixed cost. */
const STRING_STEP = 64;
/** Bytes of a string without escapes that are taken at once. Beyond 1 MB Node stores a string outside the heap. */
const STRING_LEAP = 512 * 1024;

// The kinds of token that may follow.
const VALUE = 0;
const VALUE_OR_END = 1;
const NAME = 2;
const NAME_OR_END = 3;
const AFTER_NAME = 4;
const AFTER_VALUE = 5;

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Reads the structure of a JSON object from its bytes, in steps and without recursion. It checks depth, values and
 * names before anything is allocated for them, and finds the top-level fields. The content of strings, numbers and
 * literals is checked by the parser. Throws 400 or 413.
 */
export class JsonScan {
  readonly fields = new Map<string, FieldSpan>();
  /** Values seen so far. */
  values = 0;
  at = 0;
  readonly #bytes: Buffer;
  readonly #text: string | null;
  readonly #isAscii: boolean;
  readonly #tree: JsonTree | null;
  readonly #bounds: JsonBounds;
  readonly #place: Place;
  readonly #levels: Level[] = [];
  #level: Level | null = null;
  #expects = VALUE;
  #isOver = false;
  /** Start of the current string; -1: none. */
  #stringAt = -1;
  #quoteAt = -1;
  #backslashAt = -1;
  /** Position of the last escape in a string. */
  #escapeAt = -1;
  #fieldAt = -1;
  /** White space since the last token. */
  #spaces = 0;

  /**
   * `text`: the bytes as latin1, if available; slicing it is cheaper. `tree` is filled during the scan. `bounds`:
   * default those of a request.
   */
  constructor(bytes: Buffer, aids: ScanAids) {
    const { text = null, isAscii = false, tree = null, bounds = JSON_BOUNDS, place = ordinary } = aids;
    this.#place = place;
    this.#bytes = bytes;
    this.#text = text;
    this.#isAscii = isAscii;
    this.#tree = tree;
    this.#bounds = bounds;
  }

  /** Scans to about byte `until`. True when the whole body has been scanned. */
  step(until: number): boolean {
    const bytes = this.#bytes;
    const end = Math.min(until, bytes.length);
    while (this.at < end) {
      if (this.#stringAt !== -1) {
        if (!this.#string(end)) return false;
        continue;
      }
      const byte = bytes[this.at] as number;
      if (byte <= 0x20 && isSpace(byte)) {
        if (this.#spaces++ > this.#bounds.spaceBytes)
          throw tooLarge(`${this.#bounds.spaceBytes} bytes of white space in a row`);
        this.at += 1;
      } else {
        this.#spaces = 0;
        this.#token(byte);
      }
    }
    if (this.at < bytes.length) return false;
    if (!this.#isOver) throw notJson(bytes.length);
    return true;
  }

  #token(byte: number): void {
    if (this.#isOver) throw notJson(this.at);
    switch (byte) {
      case QUOTE:
        if (this.#expects > NAME_OR_END) throw notJson(this.at);
        this.#stringAt = this.at;
        this.#begin();
        this.at += 1;
        break;
      case OPEN_OBJECT:
        this.#open(true);
        break;
      case 0x5b: // [
        this.#open(false);
        break;
      case 0x7d: // }
        this.#close(true);
        break;
      case 0x5d: // ]
        this.#close(false);
        break;
      case COMMA:
        this.#comma();
        break;
      case COLON:
        if (this.#expects !== AFTER_NAME) throw notJson(this.at);
        this.#expects = VALUE;
        this.at += 1;
        break;
      default:
        this.#scalar();
    }
  }

  /** A value or a name begins here. */
  #begin(): void {
    const level = this.#level;
    if (this.#expects === NAME || this.#expects === NAME_OR_END) {
      if (level) level.memberAt = this.at;
      return;
    }
    if (this.#expects > VALUE_OR_END) throw notJson(this.at);
    if (!level && this.#bytes[this.at] !== OPEN_OBJECT) throw notAnObject(this.#bytes[this.at] as number, this.at);
    if (++this.values > this.#bounds.values) throw tooLarge(`${this.#bounds.values} values`);
    if (!level) return;
    if (!level.isObject) level.memberAt = this.at;
    else if (this.#levels.length === 1) this.#fieldAt = this.at;
  }

  #open(isObject: boolean): void {
    if (this.#expects > VALUE_OR_END) throw notJson(this.at);
    this.#begin();
    const outer = this.#level;
    const place = outer ? (outer.isObject ? outer.place.inside(outer.name) : outer.place.items) : this.#place;
    this.#level = new Level(isObject, place, this.at);
    if (this.#levels.push(this.#level) > this.#bounds.depth) throw tooDeep();
    this.#expects = isObject ? NAME_OR_END : VALUE_OR_END;
    this.at += 1;
  }

  #close(isObject: boolean): void {
    const level = this.#level;
    const mayEnd = this.#expects === AFTER_VALUE || this.#expects === (isObject ? NAME_OR_END : VALUE_OR_END);
    if (!level || level.isObject !== isObject || !mayEnd) throw notJson(this.at);
    this.#tree?.close(this.#levels, this.at);
    this.#levels.pop();
    this.#level = this.#levels.at(-1) ?? null;
    this.at += 1;
    this.#ended();
  }

  #comma(): void {
    const level = this.#level;
    if (!level || this.#expects !== AFTER_VALUE) throw notJson(this.at);
    level.commaAt = this.at;
    this.#tree?.comma(this.#levels, this.at);
    this.#expects = level.isObject ? NAME : VALUE;
    this.at += 1;
  }

  /** A number or a literal. */
  #scalar(): void {
    this.#begin();
    const bytes = this.#bytes;
    let at = this.at + 1;
    const end = Math.min(bytes.length, at + this.#bounds.scalarBytes);
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      const isPart = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a);
      if (!isPart && byte !== 0x2e && byte !== 0x2b && byte !== 0x2d && byte !== 0x45) break;
    }
    if (at - this.at > this.#bounds.scalarBytes) throw tooLarge(`${this.#bounds.scalarBytes} bytes in a number`);
    this.at = at;
    this.#ended();
  }

  /** Called after the value that ends just before `at`. */
  #ended(): void {
    this.#expects = AFTER_VALUE;
    const level = this.#level;
    if (!level) this.#isOver = true;
    else if (this.#fieldAt !== -1 && this.#levels.length === 1) {
      this.fields.set(level.name, { at: level.memberAt, start: this.#fieldAt, end: this.at });
      this.#fieldAt = -1;
    }
  }

  /** Continues in a string. False when `until` is reached before its end. */
  #string(until: number): boolean {
    const bytes = this.#bytes;
    let at = this.at;
    for (
      let step = Math.min(at + STRING_STEP, bytes.length);
      at < until;
      step = Math.min(at + STRING_STEP, bytes.length)
    ) {
      for (; at < step; at++) {
        const byte = bytes[at];
        if (byte === QUOTE) {
          this.#stringEnds(at);
          return true;
        }
        if (byte === BACKSLASH) {
          this.#escapeAt = at;
          at += 1;
        }
      }
      if (at >= until) break;
      if (this.#quoteAt < at) this.#quoteAt = next(bytes, QUOTE, at);
      if (this.#backslashAt < at) this.#backslashAt = next(bytes, BACKSLASH, at);
      at = Math.min(this.#quoteAt, this.#backslashAt, at + STRING_LEAP);
    }
    this.at = Math.min(at, bytes.length);
    if (this.#expects > VALUE_OR_END) this.#checkName(this.at);
    // An escape has up to six bytes and must not be split.
    else this.#tree?.part(this.#levels, this.#stringAt, this.at - this.#escapeAt < 6 ? this.#escapeAt : this.at);
    return false;
  }

  #stringEnds(at: number): void {
    const start = this.#stringAt;
    this.#stringAt = -1;
    this.at = at + 1;
    if (this.#expects > VALUE_OR_END) {
      this.#checkName(at, start);
      const name = this.#nameAt(start, at);
      // Only requests have forbidden names.
      if (!this.#bounds.isAnswer) this.#level?.open(name);
      else this.#level?.openAny(name, this.#bounds);
      this.#expects = AFTER_NAME;
    } else {
      this.#tree?.text(this.#levels, start, at);
      this.#ended();
    }
  }

  #checkName(at: number, start = this.#stringAt): void {
    if (at - start > this.#bounds.nameBytes) throw tooLarge(`${this.#bounds.nameBytes} bytes in a name`);
  }

  #nameAt(start: number, end: number): string {
    const name = this.#text?.slice(start + 1, end) ?? this.#bytes.toString("latin1", start + 1, end);
    if (this.#escapeAt < start && (this.#isAscii || PRINTABLE.test(name))) return name;
    try {
      return JSON.parse(this.#bytes.toString("utf8", start, end + 1));
    } catch {
      throw notJson(start);
    }
  }
}

const PRINTABLE = /^[\x20-\x7f]*$/;

/** Position of the next `byte` at or after `from`; the end if there is none. */
function next(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at === -1 ? bytes.length : at;
}

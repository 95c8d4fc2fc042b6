import { randomBytes } from "node:crypto";
import { allocated } from "./pages.ts";
import { Pace, type Steps } from "./steps.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LF = 0x0a;
const CLOSE = new Set([0x5d, 0x7d]);
/** A cut text keeps about this many bytes. */
const KEPT_BYTES = 1024;
/** Only longer texts are cut. */
const CUT_BYTES_MIN = 8 * 1024;
/** Of texts that are translated. A shorter one may be a signature, which is packed into another text. */
const TRANSLATED_CUT_BYTES_MIN = 256 * 1024;
const COPY_BYTES = 512 * 1024;
/** The first bytes of PDF, PNG, JPEG, GIF, RIFF (WebP, WAV) and Ogg in base64, alone or in a data URL. */
const MEDIUM = /^(?:data:[^,]{0,200},)?(?=JVBERi0|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|T2dnUw)/;
const BASE64 = /^[A-Za-z0-9+/=]*$/;
/** A shorter line is not searched for long texts. */
const LARGE_LINE_BYTES = 64 * 1024;
/** Bytes, and quotes, that one step searches. */
const STEP_BYTES = 1024 * 1024;
const STEP_QUOTES = 1_000;

interface Cut {
  /** What was cut out, as it is in the JSON. */
  bytes: Buffer;
  hasEscapes: boolean;
}

/**
 * Takes long texts out of JSON before it is parsed, and puts them back into what is made of it. A parser needs a hundred times
 * as long for a picture of some megabytes as it takes to skip it. A cut text has its first characters and a mark.
 */
export class LongTexts {
  /** How a mark begins, which nobody outside knows. Empty: there is none. */
  #nonce = "";
  readonly #cuts: Cut[] = [];
  readonly #isTranslated: boolean;

  /** Bytes by which the JSON has become shorter. */
  cutBytes = 0;

  /**
   * `isTranslated`: the JSON is changed into other JSON. Then a text that may itself be JSON is not cut, because it may be
   * parsed.
   */
  constructor(isTranslated = false) {
    this.#isTranslated = isTranslated;
  }

  /** Cuts the texts in bytes that have one JSON value in each line. The same buffer is returned if nothing is cut. */
  *cutting(bytes: Buffer): Steps<Buffer> {
    const kept: Buffer[] = [];
    let keptTo = 0;
    for (let line = 0; line < bytes.length; ) {
      const feed = bytes.indexOf(LF, line);
      const end = feed === -1 ? bytes.length : feed;
      if (end - line > LARGE_LINE_BYTES) {
        for (const [from, to, hasEscapes] of yield* this.#longTextsIn(bytes, line, end)) {
          const mark = this.#markFor({ bytes: bytes.subarray(from, to), hasEscapes });
          kept.push(bytes.subarray(keptTo, from), Buffer.from(mark));
          keptTo = to;
        }
      }
      line = end + 1;
    }
    if (keptTo === 0) return bytes;
    return yield* joining([...kept, bytes.subarray(keptTo)]);
  }

  #markFor(cut: Cut): string {
    this.#nonce ||= `tg${randomBytes(12).toString("hex")}x`;
    // A quote in the mark tells how often the text around it is escaped.
    const mark = `${this.#nonce}${cut.hasEscapes ? '\\"' : ""}${this.#cuts.length}x`;
    this.#cuts.push(cut);
    this.cutBytes += cut.bytes.length - mark.length;
    return mark;
  }

  /** Long texts in `[line, end)`: where the part of each that is cut begins and ends, and whether it has escapes. */
  *#longTextsIn(bytes: Buffer, line: number, end: number): Steps<[from: number, to: number, hasEscapes: boolean][]> {
    const found: [number, number, boolean][] = [];
    let work = 0;
    let open = -1;
    let window = bytes.subarray(line, Math.min(end, line + STEP_BYTES));
    for (let start = line, from = 0; start < end; ) {
      const index = window.indexOf(QUOTE, from);
      work += 1;
      if (index === -1 || work % STEP_QUOTES === 0) yield;
      if (index === -1) {
        start += window.length;
        window = bytes.subarray(start, Math.min(end, start + STEP_BYTES));
        from = 0;
        continue;
      }
      from = index + 1;
      const quote = start + index;
      if (open === -1) open = quote;
      else if (!isEscaped(bytes, quote, open)) {
        if (quote - open > (this.#isTranslated ? TRANSLATED_CUT_BYTES_MIN : CUT_BYTES_MIN)) {
          const from = keptEnd(bytes, open + 1);
          const hasEscapes = bytes.subarray(from, quote).includes(BACKSLASH);
          const mayBeJson = hasEscapes || CLOSE.has(bytes[quote - 1] as number);
          if (!this.#isTranslated || !mayBeJson) found.push([from, quote, hasEscapes]);
        }
        open = -1;
      }
    }
    return found;
  }

  /** Cuts the base64 of large pictures, documents and sounds in a parsed request. Returns a copy, or the same object. */
  *cuttingMedia(body: object): Steps<object> {
    const pace = new Pace();
    const cut = (text: string): Steps<string> => this.#withoutMedium(text);
    function* walk(value: unknown): Steps<unknown> {
      if (typeof value === "string") return value.length > TRANSLATED_CUT_BYTES_MIN ? yield* cut(value) : value;
      if (typeof value !== "object" || value === null) return value;
      let copy: object | null = null;
      for (const [name, inner] of Object.entries(value)) {
        const changed = yield* walk(inner);
        if (pace.passes(null, name)) yield;
        if (changed === inner) continue;
        copy ??= Array.isArray(value) ? [...value] : { ...value };
        Object.assign(copy, { [name]: changed });
      }
      return copy ?? value;
    }
    return (yield* walk(body)) as object;
  }

  *#withoutMedium(text: string): Steps<string> {
    const head = MEDIUM.exec(text.slice(0, KEPT_BYTES));
    if (!head) return text;
    const keptTo = head[0].length + KEPT_BYTES;
    const bytes = allocated(text.length - keptTo);
    for (let at = keptTo; at < text.length; at += COPY_BYTES) {
      const part = text.slice(at, at + COPY_BYTES);
      if (!BASE64.test(part)) return text;
      bytes.write(part, at - keptTo, "latin1");
      yield;
    }
    const mark = this.#markFor({ bytes, hasEscapes: false });
    return text.slice(0, keptTo) + mark;
  }

  /** The bytes with every text that was cut, in pieces. */
  restored(bytes: Buffer): Buffer[] {
    if (this.cutBytes === 0 || !bytes.includes(this.#nonce)) return [bytes];
    const pieces: Buffer[] = [];
    const marks = new RegExp(`${this.#nonce}(\\\\*")?(\\d+)x`, "g");
    let from = 0;
    for (const found of bytes.toString("latin1").matchAll(marks)) {
      const [whole, quote = "", number] = found;
      const cut = this.#cuts[Number(number)];
      if (!cut) continue;
      pieces.push(bytes.subarray(from, found.index), cut.hasEscapes ? escaped(cut.bytes, quote.length / 2) : cut.bytes);
      from = found.index + whole.length;
    }
    pieces.push(bytes.subarray(from));
    return pieces.filter(({ length }) => length > 0);
  }

  /** The same as one buffer. */
  restoring(bytes: Buffer): Steps<Buffer> {
    return joining(this.restored(bytes));
  }
}

function* joining(pieces: readonly Buffer[]): Steps<Buffer> {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = allocated(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += COPY_BYTES) {
      const part = piece.subarray(from, from + COPY_BYTES);
      whole.set(part, at);
      at += part.length;
      if (part.length === COPY_BYTES) yield;
    }
  }
  return whole;
}

function isEscaped(bytes: Buffer, quote: number, open: number): boolean {
  let slashes = 0;
  while (quote - 1 - slashes > open && bytes[quote - 1 - slashes] === BACKSLASH) slashes += 1;
  return slashes % 2 === 1;
}

/** About `KEPT_BYTES` after the start of a text, not within an escape or a character. */
function keptEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (at < start + KEPT_BYTES) {
    if (bytes[at] === BACKSLASH) at += bytes[at + 1] === 0x75 ? 6 : 2;
    else at += 1;
  }
  while (((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}

/** The text as it is where its quotes have `level` backslashes, rounded up to a power of two. */
function escaped(bytes: Buffer, level: number): Buffer {
  if (level <= 1) return bytes;
  let text = bytes.toString("latin1");
  for (let each = level; each > 1; each /= 2) text = text.replaceAll(/[\\"]/g, "\\$&");
  return Buffer.from(text, "latin1");
}

import { Pace, type Steps } from "../body/steps.ts";

/** Joined texts: one long text reaches another thread faster than many short ones. */
export interface PackedTexts {
  /** Joined, they are all texts in a row. */
  pieces: string[];
  lengths: Uint32Array<ArrayBuffer>;
}

const PIECE_CHARS = 256 * 1024;
const PIECE_TEXTS = 1_000;

/** Packs texts in steps. */
export function* packing(texts: readonly string[]): Steps<PackedTexts> {
  const lengths = new Uint32Array(texts.length);
  const pieces: string[] = [];
  let waiting: string[] = [];
  let chars = 0;
  for (const [index, text] of texts.entries()) {
    lengths[index] = text.length;
    for (let at = 0; at < text.length; at += PIECE_CHARS) {
      const part = text.length <= PIECE_CHARS ? text : text.slice(at, at + PIECE_CHARS);
      waiting.push(part);
      chars += part.length;
      if (chars < PIECE_CHARS && waiting.length < PIECE_TEXTS) continue;
      pieces.push(waiting.join(""));
      waiting = [];
      chars = 0;
      yield;
    }
  }
  if (waiting.length > 0) pieces.push(waiting.join(""));
  return { pieces, lengths };
}

/** Unpacks the texts in steps. */
export function* unpacking({ pieces, lengths }: PackedTexts): Steps<string[]> {
  const joined = pieces.join("");
  const pace = new Pace();
  const texts: string[] = [];
  let at = 0;
  for (const length of lengths) {
    texts.push(joined.slice(at, at + length));
    at += length;
    if (pace.passes(null)) yield;
  }
  return texts;
}

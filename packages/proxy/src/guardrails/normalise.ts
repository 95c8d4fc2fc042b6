/** A text as matchers see it, and the way back to the text as it was written. */
export interface Normalised {
  text: string;
  /** Where each character of `text` stood: `[starts[i], ends[i])` of the original. Null: nothing was changed. */
  map: { starts: Uint32Array; ends: Uint32Array } | null;
}

export interface Span {
  start: number;
  /** Exclusive. */
  end: number;
}

/** Zero-width and joining characters, direction marks, soft hyphen, fillers, variation selectors, tags. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\u115f\u1160]|\u034f|[\u17b4\u17b5]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e01ef}]/gu;
const MARK = /^\p{M}$/u;
const ESCAPE = /\\u([0-9a-fA-F]{4})/y;
/** A character with the marks that combine with it. */
const CLUSTER = /\P{M}\p{M}*|\p{M}+/suy;
const BACKSLASH = 0x5c;

/** What one UTF-16 unit by itself becomes; undefined: it takes a look at its neighbours. Filled as characters are met. */
const alone: (string | undefined | null)[] = new Array(0x10000).fill(null);

function aloneOf(unit: number): string | undefined {
  const known = alone[unit];
  if (known !== null) return known;
  const char = String.fromCharCode(unit);
  const isHalf = unit >= 0xd800 && unit <= 0xdfff;
  const seen = isHalf || MARK.test(char) ? undefined : char.normalize("NFKC").replace(INVISIBLE, "");
  alone[unit] = seen;
  return seen;
}

const CHANGED = /[\u0080-\uffff]|\\u/;

/** NFKC, without what nobody sees, JSON escapes (of tool arguments) resolved. Plain ASCII is returned as it is. */
export function normalise(original: string): Normalised {
  if (!CHANGED.test(original)) return { text: original, map: null };
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  for (let at = 0; at < original.length; ) {
    const [seen, length] = next(original, at);
    for (let i = 0; i < seen.length; i++) {
      starts.push(at);
      ends.push(at + length);
    }
    text += seen;
    at += length;
  }
  return { text, map: { starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) } };
}

/** What stands at `at`, normalised, and how many units of the original it took. */
function next(original: string, at: number): [seen: string, length: number] {
  const unit = original.charCodeAt(at);
  if (unit === BACKSLASH) {
    ESCAPE.lastIndex = at;
    const escaped = ESCAPE.exec(original)?.[1];
    return escaped ? [String.fromCharCode(Number.parseInt(escaped, 16)), 6] : ["\\", 1];
  }
  const seen = aloneOf(unit);
  const isFollowed = at + 1 < original.length && aloneOf(original.charCodeAt(at + 1)) === undefined;
  if (seen !== undefined && !isFollowed) return [seen, 1];
  CLUSTER.lastIndex = at;
  const cluster = CLUSTER.exec(original)?.[0] ?? original.charAt(at);
  return [cluster.normalize("NFKC").replace(INVISIBLE, ""), cluster.length];
}

/** A span of the normalised text in the original's places. */
export const originalSpan = ({ map }: Normalised, { start, end }: Span): Span =>
  map ? { start: map.starts[start] ?? 0, end: map.ends[end - 1] ?? 0 } : { start, end };

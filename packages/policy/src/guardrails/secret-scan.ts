import { Automaton } from "./automaton.ts";
import type { Budget } from "./budget.ts";
import { blocksOf, MARKS, type Mark, markAt, type Secret } from "./private-keys.ts";
import { type Run, SECRET_SHAPES, type Shape } from "./secret-shapes.ts";
import type { Span } from "./span.ts";

interface Part {
  literal: string | null;
  min: number;
  max: number;
  /** 1 for each ASCII character of the set. */
  set: Uint8Array;
  beyondAscii: boolean;
}

const ASCII = 128;

const partOf = (part: string | Run): Part => {
  if (typeof part === "string") return { literal: part, min: 0, max: 0, set: new Uint8Array(0), beyondAscii: false };
  const set = new Uint8Array(ASCII);
  for (const char of part.set) set[char.charCodeAt(0)] = 1;
  const { min, max, beyondAscii } = part;
  return { literal: null, min, max, set, beyondAscii };
};

interface Compiled {
  prefix: string;
  parts: Part[];
}

const SHAPES: readonly Compiled[] = SECRET_SHAPES.map(([prefix, ...rest]: Shape) => ({
  prefix,
  parts: rest.map(partOf),
}));
const AUTOMATON = new Automaton([...SHAPES.map(({ prefix }) => prefix), ...MARKS], { ignoresCase: false });

/**
 * The secrets in a text, in order, without overlaps. One pass finds all prefixes. A run of characters after several
 * prefixes is read once, so the time is linear in the text.
 */
export function secretsIn(text: string, budget: Budget): Secret[] {
  const found: Secret[] = [];
  const marks: Mark[] = [];
  const ends = new RunEnds(text, budget);
  AUTOMATON.scan(text, budget, (pattern, end) => {
    const shape = SHAPES[pattern];
    if (!shape) {
      const mark = markAt(text, pattern - SHAPES.length, end, budget);
      if (mark) marks.push(mark);
      return;
    }
    const start = end - shape.prefix.length;
    if (!beginsWord(text, start)) return;
    const secretEnd = matchEnd(text, shape, end, ends);
    if (secretEnd !== null) found.push({ start, end: secretEnd, isOpen: false });
  });
  return merged([...found, ...blocksOf(marks)]);
}

/** Null if the text does not have this shape. */
function matchEnd(text: string, { parts }: Compiled, from: number, ends: RunEnds): number | null {
  let at = from;
  for (const part of parts) {
    if (part.literal !== null) {
      if (!text.startsWith(part.literal, at)) return null;
      at += part.literal.length;
      continue;
    }
    const length = ends.of(part, at) - at;
    if (length < part.min) return null;
    at += Math.min(length, part.max);
  }
  return at;
}

/** Remembers where runs end: every position in one run has the same end. */
class RunEnds {
  readonly #text: string;
  readonly #budget: Budget;
  readonly #known = new Map<Part, Span>();

  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#budget = budget;
  }

  of(part: Part, from: number): number {
    const known = this.#known.get(part);
    if (known && from >= known.start && from <= known.end) return known.end;
    let end = from;
    while (end < this.#text.length && has(part, this.#text.charCodeAt(end))) end++;
    this.#budget.spend(end - from + 1);
    this.#known.set(part, { start: from, end });
    return end;
  }
}

const has = ({ set, beyondAscii }: Part, code: number): boolean => (code < ASCII ? set[code] === 1 : beyondAscii);

const isWord = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x5f ||
  code === 0x2d;

/** The letter of an escaped line break, in a text inside a text, is not part of a word. */
const beginsWord = (text: string, at: number): boolean =>
  at === 0 ||
  !isWord(text.charCodeAt(at - 1)) ||
  (text.charCodeAt(at - 2) === 0x5c && "nrt".includes(text.charAt(at - 1)));

function merged(secrets: Secret[]): Secret[] {
  secrets.sort((a, b) => a.start - b.start || b.end - a.end);
  const result: Secret[] = [];
  for (const secret of secrets) {
    const last = result.at(-1);
    if (!last || secret.start >= last.end) {
      result.push({ ...secret });
      continue;
    }
    last.end = Math.max(last.end, secret.end);
    last.isOpen ||= secret.isOpen;
  }
  return result;
}

import { RE2JS } from "re2js";
import type { Budget } from "./budget.ts";

/** The engine cannot be stopped within a window, so a large program gets a small one. */
const WINDOW_CHARS = 16_384;
const SMALL_WINDOW_CHARS = 4_096;
const LARGE_PROGRAM = 500;
/** Ten times what can be created: rules from before that bound go on working, but none may take a thread for seconds. */
const PROGRAM_SIZE_MAX = 20_000;
/** Windows overlap, so that a match of up to this many characters is found wherever a window ends. */
const OVERLAP_CHARS = 1_024;
/** Characters of text times instructions of the program that cost as much as one step. */
const WORK_PER_STEP = 16;

/** Finds the matches of a rule's patterns. Throws what the budget throws. */
export type RegexScan = (text: string, budget: Budget, onFound: (start: number, end: number) => void) => void;

/** Throws on a pattern that RE2 cannot read, or whose program is too large. */
export function regexScan(patterns: readonly string[]): RegexScan {
  const programs = patterns.map((pattern) => RE2JS.compile(pattern));
  const size = programs.reduce((sum, program) => sum + program.programSize(), 0);
  if (size > PROGRAM_SIZE_MAX) throw new Error("the pattern is too large");
  return (text, budget, onFound) => {
    for (const program of programs) inWindows(program, text, budget, onFound);
  };
}

/** Steps of one search over so many characters. */
const searchSteps = (programSize: number, chars: number): number =>
  chars + Math.ceil((chars * programSize) / WORK_PER_STEP);

function inWindows(program: RE2JS, text: string, budget: Budget, onFound: (start: number, end: number) => void): void {
  const size = program.programSize();
  const window = size > LARGE_PROGRAM ? SMALL_WINDOW_CHARS : WINDOW_CHARS;
  let foundUpTo = 0;
  for (let from = 0; ; from += window - OVERLAP_CHARS) {
    const piece = text.slice(from, from + window);
    const isLast = from + window >= text.length;
    budget.spend(searchSteps(size, piece.length));
    // A boolean search is ten times as fast, and most texts match nothing.
    if (program.test(piece)) {
      const matcher = program.matcher(piece);
      while (matcher.find()) {
        const start = matcher.start();
        const end = matcher.end();
        budget.spend(searchSteps(size, piece.length - start));
        const isAtBegin = start === 0 && from > 0;
        const isAtEnd = end === piece.length && !isLast;
        // An empty match says that a text is there, not that something is in it. The overlap was searched before.
        if (end === start || from + end <= foundUpTo) continue;
        // At a cut, `^`, `$` and `\b` see an edge that is none. The window beside it sees the place whole, unless the match
        // is longer than the overlap.
        if (isAtBegin && foundUpTo <= from) continue;
        if (isAtEnd && start > piece.length - OVERLAP_CHARS) continue;
        onFound(from + start, from + end);
        foundUpTo = from + end;
      }
    }
    if (isLast) return;
  }
}

import { RE2JS } from "re2js";
import type { Budget } from "./budget.ts";

/** A search within one window cannot be stopped, so a large program gets small windows. */
const WINDOW_CHARS = 16_384;
const SMALL_WINDOW_CHARS = 4_096;
const LARGE_PROGRAM = 500;
/** Ten times the bound for new rules: rules from before that bound still work, but none may use a thread for seconds. */
const PROGRAM_SIZE_MAX = 20_000;
/** Windows overlap, so that a match of up to this many characters is found across the end of a window. */
const OVERLAP_CHARS = 1_024;
/** Characters of text times instructions of the program that equal one step. */
const WORK_PER_STEP = 16;

/** Finds the matches of a rule's patterns. Throws `BudgetSpent`. */
export type RegexScan = (text: string, budget: Budget, onFound: (start: number, end: number) => void) => void;

/** Throws if RE2 cannot read a pattern, or if its program is too large. */
export function regexScan(patterns: readonly string[]): RegexScan {
  const programs = patterns.map((pattern) => RE2JS.compile(pattern));
  const size = programs.reduce((sum, program) => sum + program.programSize(), 0);
  if (size > PROGRAM_SIZE_MAX) throw new Error("the pattern is too large");
  return (text, budget, onFound) => {
    for (const program of programs) inWindows(program, text, budget, onFound);
  };
}

/** Steps of one search over this number of characters. */
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
    // A search without positions is ten times as fast, and most texts have no match.
    if (program.test(piece)) {
      const matcher = program.matcher(piece);
      while (matcher.find()) {
        const start = matcher.start();
        const end = matcher.end();
        budget.spend(searchSteps(size, piece.length - start));
        const isAtBegin = start === 0 && from > 0;
        const isAtEnd = end === piece.length && !isLast;
        // An empty match marks no text. The overlap was searched before.
        if (end === start || from + end <= foundUpTo) continue;
        // At the end of a window, `^`, `$` and `\b` match although the text continues. The neighbouring window sees the
        // place with its surroundings, unless the match is longer than the overlap.
        if (isAtBegin && foundUpTo <= from) continue;
        if (isAtEnd && start > piece.length - OVERLAP_CHARS) continue;
        onFound(from + start, from + end);
        foundUpTo = from + end;
      }
    }
    if (isLast) return;
  }
}

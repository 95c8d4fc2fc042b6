import type { Budget } from "./budget.ts";
import type { Span } from "./normalise.ts";

/**
 * Looks through a long text piece by piece, with a look at the clock between them: no engine here can be stopped.
 * Pieces overlap, so a match of up to `overlap` characters is found wherever a piece ends.
 */
export function inWindows(text: string, size: number, budget: Budget, find: (piece: string) => Iterable<Span>): Span[] {
  const overlap = size >> 4;
  const spans: Span[] = [];
  let foundUpTo = 0;
  for (let from = 0; from === 0 || from + overlap < text.length; from += size - overlap) {
    const piece = text.length <= size ? text : text.slice(from, from + size);
    budget.spend(piece.length);
    for (const span of find(piece)) {
      const end = span.end + from;
      // What was found before is met again in the overlap.
      if (end > foundUpTo) spans.push({ start: span.start + from, end });
      foundUpTo = Math.max(foundUpTo, end);
    }
  }
  return spans;
}

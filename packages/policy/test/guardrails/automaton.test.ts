import fc from "fast-check";
import { expect, test } from "vitest";
import { Automaton } from "../../src/guardrails/automaton.ts";
import { Budget } from "../../src/guardrails/budget.ts";
import { folded } from "../../src/guardrails/fold.ts";

const unbounded = () => {
  const stepsMax = Number.POSITIVE_INFINITY;
  return new Budget({ stepsMax, msMax: stepsMax, clock: () => 0, lookEvery: 1_000 });
};

/** Few characters, so that patterns share prefixes and suffixes; some outside ASCII and outside the BMP. */
const text = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom("a", "b", "A", "é", "É", "\u{1e900}", "\u{1e922}", "Σ", "ς"), maxLength });

test("finds the same occurrences as a separate search for each pattern", () => {
  fc.assert(
    fc.property(fc.array(text(5), { maxLength: 20 }), text(60), (words, haystack) => {
      const patterns = words.map(folded);
      const found: string[] = [];
      new Automaton(patterns, { ignoresCase: true }).scan(haystack, unbounded(), (pattern, end) => {
        found.push(`${pattern} ends at ${end}`);
      });
      const expected = patterns.flatMap((pattern, number) =>
        Array.from({ length: haystack.length + 1 }, (_, end) => end)
          .filter((end) => pattern !== "" && folded(haystack).slice(0, end).endsWith(pattern))
          .map((end) => `${number} ends at ${end}`),
      );
      expect(found.sort()).toEqual(expected.sort());
    }),
  );
});

test("distinguishes case if it must not be ignored", () => {
  const found: number[] = [];
  const automaton = new Automaton(["aB", "ab"], { ignoresCase: false });
  automaton.scan("xaB", unbounded(), (pattern) => void found.push(pattern));
  expect(found).toEqual([0]);
});

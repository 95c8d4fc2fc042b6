import type { Usage } from "@tollgate/testkit/provider-answer";
import { answer, type Behaviour, cutAfter, type Move, status } from "@tollgate/testkit/provider-behaviour";
import { seeded } from "./random.ts";

const FAILING_SHARE = 0.02;
const CUT_SHARE = 0.01;
const WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

/** Nano-dollars a token: gpt-4o-mini's list price, written down apart from the product's own catalogue. */
const TARIFF = { input: 150n, cached: 75n, output: 600n };

/** What the provider charges for one answer, in nano-dollars. */
export const billNano = ({ input, cacheRead, output }: Usage): bigint =>
  BigInt(input - cacheRead) * TARIFF.input + BigInt(cacheRead) * TARIFF.cached + BigInt(output) * TARIFF.output;

const hash = (text: string): number => [...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);

/**
 * A provider with a day like any other: it takes its time, fails now and then (a second try succeeds), breaks off a
 * stream now and then. What it does with a prompt depends on the prompt and the seed alone.
 */
export function moodyProvider(seed: number): Behaviour {
  const failed = new Set<string>();
  return (asked) => {
    const random = seeded(hash(asked.prompt) ^ seed);
    const input = random.between(10, 100);
    const usage = { input, cacheRead: random.pick([0, 0, input >> 1]), output: random.between(1, 200) };
    if (random.next() < FAILING_SHARE && !failed.has(asked.prompt)) {
      failed.add(asked.prompt);
      return status(500)(asked);
    }
    const pauses = (moves: Move[]): Move[] => moves.flatMap((move) => [{ pauseMs: random.between(1, 15) }, move]);
    const text = WORDS.slice(0, random.between(1, WORDS.length + 1)).join(" ");
    const well = answer({ text, usage });
    const isCut = asked.stream && random.next() < CUT_SHARE;
    const performance = (isCut ? cutAfter(random.between(1, 4), "reset", well) : well)(asked);
    return { ...performance, moves: pauses(performance.moves) };
  };
}

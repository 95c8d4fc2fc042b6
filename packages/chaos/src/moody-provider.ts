import type { Usage } from "@tollgate/testkit/provider-answer";
import { answer, type Behaviour, cutAfter, type Move, raw, status } from "@tollgate/testkit/provider-behaviour";
import { seeded } from "./random.ts";

const FAILING_SHARE = 0.02;
const CUT_SHARE = 0.01;
const errorEvent = raw(['data: {"error":{"message":"The server is overloaded.","code":503}}\n\n']);
const errorObject = raw(['{"error":{"message":"The server had an error.","type":"server_error"}}'], {
  "content-type": "application/json",
});

/** Faults before an answer, none of which is charged. Most are healed by a retry; a rate limit without a time is not. */
const withoutCharge: readonly [Behaviour, ...Behaviour[]] = [
  status(500),
  status(503),
  status(529),
  status(429),
  // An error with status 200.
  (asked) => (asked.stream ? errorEvent : errorObject)(asked),
];
const WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

/** gpt-4o-mini's list price in nano-dollars per token. It is independent of the product's catalogue on purpose. */
const TARIFF = { input: 150n, cached: 75n, output: 600n };

/** The provider's charge for one answer, in nano-dollars. */
export const billNano = ({ input, cacheRead, output }: Usage): bigint =>
  BigInt(input - cacheRead) * TARIFF.input + BigInt(cacheRead) * TARIFF.cached + BigInt(output) * TARIFF.output;

const hash = (text: string): number => [...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);

/**
 * A provider with ordinary problems: it is sometimes slow, sometimes fails or is busy (another call succeeds), and
 * sometimes cuts a stream. What it does depends only on the prompt and the seed.
 */
export function moodyProvider(seed: number): Behaviour {
  const failed = new Set<string>();
  return (asked) => {
    const random = seeded(hash(asked.prompt) ^ seed);
    const input = random.between(10, 100);
    const usage = { input, cacheRead: random.pick([0, 0, input >> 1]), output: random.between(1, 200) };
    if (random.next() < FAILING_SHARE && !failed.has(asked.prompt)) {
      failed.add(asked.prompt);
      return random.pick(withoutCharge)(asked);
    }
    const pauses = (moves: Move[]): Move[] => moves.flatMap((move) => [{ pauseMs: random.between(1, 15) }, move]);
    const text = WORDS.slice(0, random.between(1, WORDS.length + 1)).join(" ");
    const well = answer({ text, usage });
    const isCut = asked.stream && random.next() < CUT_SHARE;
    const performance = (isCut ? cutAfter(random.between(1, 4), "reset", well) : well)(asked);
    return { ...performance, moves: pauses(performance.moves) };
  };
}

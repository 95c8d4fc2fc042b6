import type { Tokens } from "@tollgate/contracts/usage-event";
import type { UsageReport } from "../answer-report.ts";
import { Counts, isBlock } from "./counts.ts";

/** How providers of a wire report what a call used. */
export interface UsageReader {
  /** The usage block of an answer or an error. */
  find(body: Readonly<Record<string, unknown>>): unknown;
  /** Null: it is no usage block. */
  read(counts: Counts): Tokens | null;
}

/** What this call cannot have exceeded; null is unknown. */
export interface UsageCap {
  inputTokens: number | null;
  outputTokens: number | null;
}

export const SUSPECT = "usage_suspect";

/** No model holds more; what claims to is a broken counter. */
const TOKENS_MAX = 10_000_000;

const UNCAPPED: UsageCap = { inputTokens: null, outputTokens: null };

/**
 * The tokens of one usage block as a provider sent it. Null: it is no usage block. What is absurd (negative, no number,
 * parts larger than their whole, more than twice the cap) is clamped, and the report says `usage_suspect`.
 */
export function readUsage(read: UsageReader["read"], block: unknown, cap = UNCAPPED): UsageReport | null {
  if (!isBlock(block)) return null;
  const counts = new Counts(block);
  const reported = read(counts);
  if (!reported) return null;
  const tokens = clamped(reported, cap);
  const isSuspect =
    counts.suspect || (Object.keys(tokens) as (keyof Tokens)[]).some((name) => tokens[name] !== reported[name]);
  const isOver = tokens.output > (cap.outputTokens ?? TOKENS_MAX) || tokens.input > (cap.inputTokens ?? TOKENS_MAX);
  return { tokens, flags: isSuspect || isOver ? [SUSPECT] : [], final: true };
}

const within = (count: number, cap: number | null): number =>
  count > 2 * (cap ?? TOKENS_MAX / 2) ? (cap ?? TOKENS_MAX) : count;

function clamped(read: Tokens, cap: UsageCap): Tokens {
  const input = within(read.input, cap.inputTokens);
  const output = within(read.output, cap.outputTokens);
  const cacheRead = Math.min(read.cacheRead, input);
  const cacheWrite5m = Math.min(read.cacheWrite5m, input - cacheRead);
  const cacheWrite1h = Math.min(read.cacheWrite1h, input - cacheRead - cacheWrite5m);
  const audioInput = Math.min(read.audioInput, input);
  const audioOutput = Math.min(read.audioOutput, output);
  return {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    audioInput,
    imageInput: Math.min(read.imageInput, input - audioInput),
    output,
    reasoning: Math.min(read.reasoning, output),
    audioOutput,
    imageOutput: Math.min(read.imageOutput, output - audioOutput),
    searches: Math.min(read.searches, 1000),
  };
}

import type { Use } from "@tollgate/contracts/usage-event";

/** What is known of an answer's use, at its end or when it was cut off. */
export interface AnswerReport {
  /** null: the provider has said nothing (yet). */
  usage: UsageReport | null;
  /** Bytes (UTF-8) of model output received so far: the base of an estimate when usage is null or partial. */
  deliveredBytes: number;
  /** False until the provider said how the answer ends. */
  finished: boolean;
  /** It ended by itself and said something: not cut by a bound, not filtered, not empty. Only such an answer is cached. */
  isWhole: boolean;
}

export const NOTHING_YET: AnswerReport = { usage: null, deliveredBytes: 0, finished: false, isWhole: false };

export interface UsageReport {
  use: Use;
  /** e.g. `usage_suspect`; goes on the event's row. */
  flags: readonly string[];
  /** False for the first half of a stream that reports input before output. */
  final: boolean;
}

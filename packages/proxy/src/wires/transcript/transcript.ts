import { isNumber } from "../fields.ts";

export interface Word {
  text: string;
  /** Seconds from the start of the audio. */
  start: number;
  end: number;
}

/** A word as a provider reports it. */
export type ReportedWord = Readonly<Record<keyof Word, unknown>>;

/** What was said in an audio file, in no provider's format. */
export interface Transcript {
  text: string;
  /** As the provider names it; null: it does not say. */
  language: string | null;
  /** The length of the audio; null: the provider does not report it. */
  seconds: number | null;
  /** Empty: the provider was not asked for times. */
  words: readonly unknown[];
  /** One of `words`. Null: it is none, but a space. */
  wordIn(given: unknown): ReportedWord | null;
}

/** No recording is longer. A larger time is an error of the provider. */
const SECONDS_MAX = 1_000 * 3_600;

/** A time or a length as a provider reports it. Null: it is none. */
export const secondsIn = (value: unknown): number | null =>
  isNumber(value) && value >= 0 && value <= SECONDS_MAX ? value : null;

export interface Word {
  text: string;
  /** Seconds from the start of the audio. */
  start: number;
  end: number;
}

/** What was said in an audio file, in no provider's format. */
export interface Transcript {
  text: string;
  /** As the provider names it; null: it does not say. */
  language: string | null;
  /** The length of the audio; null: the provider does not report it. */
  seconds: number | null;
  /** Empty: the provider was not asked for times. */
  words: readonly Word[];
}

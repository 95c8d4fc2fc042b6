import { Pace, type Steps } from "../../body/steps.ts";
import { isString } from "../fields.ts";
import { secondsIn, type Transcript, type Word } from "./transcript.ts";

/** The text without line breaks, which would end a subtitle. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

/**
 * The words with their times. A word with an invalid time follows the word before it, so that no text is lost. Empty: no word
 * has a time.
 */
export function* timedWords({ words, wordIn }: Transcript): Steps<Word[]> {
  const pace = new Pace();
  const timed: Word[] = [];
  let isTimed = false;
  let last = 0;
  for (const given of words) {
    const word = wordIn(given);
    const text = isString(word?.text) ? oneLine(word.text) : "";
    if (pace.passes(text)) yield;
    if (!word || text === "") continue;
    const [from, to] = [secondsIn(word.start), secondsIn(word.end)];
    if (from !== null) isTimed = true;
    const start = from ?? last;
    last = Math.max(start, to ?? start);
    timed.push({ text, start, end: last });
  }
  return isTimed ? timed : [];
}

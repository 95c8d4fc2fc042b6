import { Pace, type Steps } from "../../body/steps.ts";
import { oneLine } from "./timed-words.ts";
import type { Transcript, Word } from "./transcript.ts";

/** A segment is shown as one subtitle. */
const CHARS_MAX = 84;
const SECONDS_MAX = 7;
/** How fast people speak. */
const CHARS_PER_SECOND = 15;
/** A silence that ends a segment. */
const PAUSE_SECONDS = 0.8;
const SENTENCE_END = /[.!?。！？…]["'”’)]?$/;

export interface Segment {
  start: number;
  end: number;
  text: string;
}

/** Words joined to pieces that can be read at once: a sentence, or what was said before a pause. Without words, the whole text is one. */
export function* segmentsOf(words: readonly Word[], { text: whole, seconds }: Transcript): Steps<Segment[]> {
  if (words.length === 0) return wholeOf(oneLine(whole), seconds);
  const pace = new Pace();
  const segments: Segment[] = [];
  let open: Segment | null = null;
  for (const { text, start, end } of words) {
    const isNext: boolean = open !== null && fits(open, text, start, end);
    if (open && isNext) {
      open.text += ` ${text}`;
      open.end = end;
    } else {
      open = { start, end, text };
      segments.push(open);
    }
    if (SENTENCE_END.test(text)) open = null;
    if (pace.passes(text)) yield;
  }
  return segments;
}

/** If the length of the audio is unknown, it is estimated from the text. */
const wholeOf = (text: string, seconds: number | null): Segment[] =>
  text === "" ? [] : [{ start: 0, end: seconds || Math.max(1, text.length / CHARS_PER_SECOND), text }];

const fits = (open: Segment, text: string, start: number, end: number): boolean =>
  start - open.end < PAUSE_SECONDS && end - open.start <= SECONDS_MAX && open.text.length + text.length < CHARS_MAX;

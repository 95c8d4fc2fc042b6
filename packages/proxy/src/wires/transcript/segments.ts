import type { Word } from "./transcript.ts";

/** A segment is shown as one subtitle. */
const CHARS_MAX = 84;
const SECONDS_MAX = 7;
/** A silence that ends a segment. */
const PAUSE_SECONDS = 0.8;
const SENTENCE_END = /[.!?。！？…]["'”’)]?$/;

export interface Segment {
  start: number;
  end: number;
  text: string;
}

/** Words joined to pieces that can be read at once: a sentence, or what was said before a pause. */
export function segmentsOf(words: readonly Word[]): Segment[] {
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
  }
  return segments;
}

const fits = (open: Segment, text: string, start: number, end: number): boolean =>
  start - open.end < PAUSE_SECONDS && end - open.start <= SECONDS_MAX && open.text.length + text.length < CHARS_MAX;

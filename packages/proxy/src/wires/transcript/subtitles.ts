import { Pace, type Steps } from "../../body/steps.ts";
import type { Segment } from "./segments.ts";

const digits = (value: number, count: number): string => String(value).padStart(count, "0");

function timeOf(seconds: number, separator: string): string {
  const milliseconds = Math.round(seconds * 1_000);
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
  const rest = milliseconds % 60_000;
  const clock = [hours, minutes, Math.floor(rest / 1_000)].map((part) => digits(part, 2)).join(":");
  return clock + separator + digits(rest % 1_000, 3);
}

/** An arrow in a text would be read as times. */
const cue = ({ start, end, text }: Segment, separator: string): string =>
  `${timeOf(start, separator)} --> ${timeOf(end, separator)}\n${text.replaceAll("-->", "->")}\n\n`;

/** One file of subtitles. */
export function* subtitlesOf(segments: readonly Segment[], format: "srt" | "vtt"): Steps<Buffer> {
  const pace = new Pace();
  const cues: string[] = format === "vtt" ? ["WEBVTT\n\n"] : [];
  for (const [index, segment] of segments.entries()) {
    cues.push(format === "vtt" ? cue(segment, ".") : `${index + 1}\n${cue(segment, ",")}`);
    if (pace.passes(segment.text)) yield;
  }
  return Buffer.from(cues.join(""));
}

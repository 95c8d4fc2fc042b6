import type { Segment } from "./segments.ts";

const digits = (value: number, count: number): string => String(value).padStart(count, "0");

function timeOf(seconds: number, separator: string): string {
  const milliseconds = Math.round(seconds * 1_000);
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
  const rest = milliseconds % 60_000;
  const clock = [hours, minutes, Math.floor(rest / 1_000)].map((part) => digits(part, 2)).join(":");
  return clock + separator + digits(rest % 1_000, 3);
}

const cue = ({ start, end, text }: Segment, separator: string): string =>
  `${timeOf(start, separator)} --> ${timeOf(end, separator)}\n${text}\n\n`;

export const srtOf = (segments: readonly Segment[]): string =>
  segments.map((segment, index) => `${index + 1}\n${cue(segment, ",")}`).join("");

export const vttOf = (segments: readonly Segment[]): string =>
  `WEBVTT\n\n${segments.map((segment) => cue(segment, ".")).join("")}`;

import { mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";

const bytesMax = 10 * 1024 * 1024;

/** Opens a log for appending; one that grew over 10 MiB is put aside first, as `<file>.old`. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > bytesMax) renameSync(file, `${file}.old`);
  return openSync(file, "a");
}

/** What was written from byte `from` on. */
export const readLog = (file: string, from = 0): string => readFileSync(file).subarray(from).toString();

export const lastLines = (text: string, count = 12): string => text.trimEnd().split("\n").slice(-count).join("\n");

import {
  copyFileSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";
import path from "node:path";

const bytesMax = 10 * 1024 * 1024;

/**
 * Opens a log for appending; only its owner can read it. A log of more than 10 MiB is first renamed to `<file>.old`.
 * Missing folders are created with access for their owner only.
 */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > bytesMax) renameSync(file, `${file}.old`);
  const log = openSync(file, "a", 0o600);
  fchmodSync(log, 0o600);
  return log;
}

/**
 * Moves the content of each log in the folder that is larger than 10 MiB to `<file>.old`, which it replaces. A running process
 * writes on into the same file: it is emptied, not replaced. So each log takes 20 MiB at most, and what is written in the
 * meantime. A line that is written at this moment can be lost.
 */
export function rotateLogs(folder: string): void {
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".log"))) {
    const file = path.join(folder, name);
    if (statSync(file).size <= bytesMax) continue;
    copyFileSync(file, `${file}.old`);
    truncateSync(file, 0);
  }
}

/** The content from byte `from` on. */
export const readLog = (file: string, from = 0): string => readFileSync(file).subarray(from).toString();

export const lastLines = (text: string, count = 12): string => text.trimEnd().split("\n").slice(-count).join("\n");

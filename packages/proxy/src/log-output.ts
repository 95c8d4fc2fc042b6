import pino from "pino";

/** Where the log's lines go. */
export interface LogOutput {
  write(line: string): void;
  /** Writes what is left, before the process ends. */
  flushSync(): void;
}

/** A write for every call's line would cost as much as a write to its client. */
const BATCH_CHARS = 32 * 1024;
const FLUSH_MS = 200;

/** Standard output, in batches at most 200 ms behind; a reader that stands still does not hold up a call. */
export function openLogOutput(): LogOutput {
  const output = pino.destination({ sync: false });
  let lines = "";
  const flush = (): void => {
    if (lines !== "") output.write(lines);
    lines = "";
  };
  setInterval(flush, FLUSH_MS).unref();
  return {
    write(line) {
      lines += line;
      if (lines.length >= BATCH_CHARS) flush();
    },
    flushSync() {
      flush();
      output.flushSync();
    },
  };
}

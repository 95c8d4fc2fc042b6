import pino from "pino";

/** Destination of log lines. */
export interface LogOutput {
  write(line: string): void;
  /** Writes the remaining lines before the process exits. */
  flushSync(): void;
}

/** Lines are batched, because a write per call would cost as much as a write to its client. */
const BATCH_CHARS = 32 * 1024;
const FLUSH_MS = 200;

/** Writes to standard output in batches, at most 200 ms late. A slow reader does not delay calls. */
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

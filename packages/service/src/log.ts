import pino, { type DestinationStream, type Logger } from "pino";

export interface LogOptions {
  /** Of the process: proxy, worker. */
  name: string;
  level: string;
  /** Which of several processes on one port this is; default 1. */
  process?: number;
}

/** One JSON object a line: `time` in ISO 8601, `level` by its name, and which process wrote it. */
export function openLog({ name, level, process: number = 1 }: LogOptions, output?: DestinationStream): Logger {
  const options = {
    level,
    base: { name, process: number, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return output ? pino(options, output) : pino(options);
}

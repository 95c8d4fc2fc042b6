import { formatWithOptions, stripVTControlCharacters } from "node:util";

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
type Level = (typeof LEVELS)[number];

const METHODS = { debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;

/** Prefixes of Next's own lines. */
const SIGNS: readonly [sign: string, level: Level][] = [
  ["⨯", "error"],
  ["⚠", "warn"],
];

export interface Entry {
  level: Level;
  msg: string;
  /** Text of an error with its stack. */
  err?: string;
}

/** One log entry for all arguments of a `console` call. */
export function entryOf(level: Level, values: readonly unknown[]): Entry {
  const error = values.find((value) => value instanceof Error);
  const rest = values.filter((value) => value !== error);
  const text = stripVTControlCharacters(formatWithOptions({ colors: false }, ...rest)).trim();
  const sign = SIGNS.find(([mark]) => text.startsWith(mark));
  const msg = (sign ? text.slice(sign[0].length).trim() : text) || error?.message || "";
  return { level: sign?.[1] ?? level, msg, ...(error && { err: stripVTControlCharacters(error.stack ?? "") }) };
}

/** Whether a text is already a JSON log line. */
const isEntry = (text: string): boolean => text.startsWith('{"level":"');

/**
 * From now on, every line that this process prints, with or without `console`, becomes a JSON object on standard output:
 * ISO time, level name, process. Lines below `least` are left out.
 */
export function logAsJson(least: string): void {
  const from = Math.max(0, LEVELS.indexOf(least as Level));
  const write = process.stdout.write.bind(process.stdout);
  const about = { name: "dashboard", process: 1, pid: process.pid };

  function emit({ level, ...entry }: Entry): void {
    if (LEVELS.indexOf(level) < from || (entry.msg === "" && !entry.err)) return;
    write(`${JSON.stringify({ level, time: new Date().toISOString(), ...about, ...entry })}\n`);
  }
  for (const [method, level] of Object.entries(METHODS) as [keyof typeof METHODS, Level][]) {
    console[method] = (...values: unknown[]) => emit(entryOf(level, values));
  }
  const rewritten =
    (level: Level): typeof process.stdout.write =>
    (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      if (isEntry(text)) write(text);
      else emit(entryOf(level, [text]));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") callback();
      return true;
    };
  process.stdout.write = rewritten("info");
  process.stderr.write = rewritten("error");
}

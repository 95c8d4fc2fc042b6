import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import type { Snapshot } from "./snapshot.ts";

/** Of the format `load-policy.ts` reads. */
export const POLICY_FILE_VERSION = 6;
const LINES_A_WRITE = 100;

const text = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
const lineOf = (value: unknown): string => `${JSON.stringify(value, text)}\n`;

function* linesOf(snapshot: Snapshot, savedMs: number): Generator<string> {
  yield lineOf({ v: POLICY_FILE_VERSION, savedMs });
  for (const { org, keys } of [...snapshot.entries()]) {
    yield lineOf({ org, keys: keys.length });
    for (const key of keys) yield lineOf({ key });
  }
}

/**
 * Writes a copy of all policy for a start without Postgres. It holds hashes and sealed boxes, nothing that opens anything.
 * The first line has the version and the time. Then each organisation has a line, and each of its keys one after that: no
 * single line is large, and a damaged one concerns one organisation.
 */
export async function savePolicy(file: string, snapshot: Snapshot, savedMs: number): Promise<void> {
  // Several processes may share the folder.
  const draft = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(draft, "w", 0o600);
  try {
    let lines: string[] = [];
    for (const line of linesOf(snapshot, savedMs)) {
      if (lines.push(line) < LINES_A_WRITE) continue;
      await handle.writeFile(lines.join(""));
      lines = [];
    }
    await handle.writeFile(lines.join(""));
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

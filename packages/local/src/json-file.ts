import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** @returns undefined when there is no such file. @throws when there is one that is not JSON. */
export function readJsonFile<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Readable by its owner only. The write is atomic: a concurrent reader sees the whole old file or the whole new one. */
export function writeJsonFile(file: string, value: unknown): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

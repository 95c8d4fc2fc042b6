import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** @returns undefined if the file does not exist. @throws if it is not JSON. */
export function readJsonFile<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Only its owner can read the file. The write is atomic: a concurrent reader sees either the old or the new content. */
export function writeJsonFile(file: string, value: unknown): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readJsonFile, writeJsonFile } from "./json-file.ts";
import { serverUser } from "./postgres-binaries.ts";
import { commandLine, isAlive } from "./process-end.ts";
import { Refusal } from "./refusal.ts";

export type DataFolder = {
  dir: string;
  file: (name: string) => string;
  /** Whether the previous start was killed: its processes may still be ending. */
  leftByCrash: boolean;
  release: () => void;
};

/** Folders that only the owner of the data folder needs to enter. */
const OWNERS = ["logs", "spool"];

/** Claims the folder for this process and closes it to other users. @throws Refusal if it is not writable or another start uses it. */
export function takeDataFolder(dir: string): DataFolder {
  requireWritable(dir, "TOLLGATE_DATA_DIR");
  const file = (name: string) => path.join(dir, name);
  const claim = file("running.json");
  const other = readJsonFile<{ pid: number }>(claim);
  if (other && other.pid !== process.pid && isTollgate(other.pid))
    throw new Refusal(`already running on ${dir} (process ${other.pid}): stop that one, or set TOLLGATE_DATA_DIR.`);
  writeJsonFile(claim, { pid: process.pid });
  closeToOthers(dir);
  return { dir, file, leftByCrash: other !== undefined, release: () => rmSync(claim, { force: true }) };
}

/** Earlier versions made folders that everyone could read. A Postgres that runs as another user may only pass through. */
function closeToOthers(dir: string): void {
  chmodSync(dir, serverUser().uid === undefined ? 0o700 : 0o711);
  for (const name of OWNERS) {
    const folder = path.join(dir, name);
    if (existsSync(folder)) chmodSync(folder, 0o700);
  }
}

/** Creates the folder if it is missing. @throws Refusal that names the setting for another folder. */
export function requireWritable(dir: string, setting: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const probe = path.join(dir, `.probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new Refusal(`cannot write to ${dir} (${reason(error)}): set ${setting} to a folder that you own.`);
  }
}

const isTollgate = (pid: number): boolean => isAlive(pid) && commandLine(pid).includes("packages/local/src/main.ts");

const reason = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { repository } from "./env.ts";
import { isAlive } from "./process-end.ts";

/** Runs `work` while no other process of this checkout runs work of the same name. Two builds would overwrite each other. */
export async function exclusively<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const lock = path.join(repository, "node_modules", `.tollgate-${name}.lock`);
  while (!take(lock)) await pause(100, undefined, { signal });
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = readHolder(lock);
    if (holder && !isAlive(holder)) rmSync(lock, { force: true });
    return false;
  }
}

/** 0 if the holder has not written its process id yet, or has just released the lock. */
function readHolder(lock: string): number {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch {
    return 0;
  }
}

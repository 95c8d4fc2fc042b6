import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** A signal, and the milliseconds to wait before the next one. */
export type Patience = [signal: NodeJS.Signals, waitMs: number];

/** Postgres's ways to stop: fast, immediate, killed. */
export const orderlyThenKill: Patience[] = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
];

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(pid);
}

/** Whether it is a zombie, for example an orphan in a container whose init process does not reap. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false; // no /proc here
  }
}

/** Command line of a process. Empty if it does not exist. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // No /proc (macOS), or no such process: `ps` knows.
    return spawnSync("ps", ["-o", "args=", "-ww", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
  }
}

/** @throws if the process survives all signals. */
export async function endProcess(pid: number, signals: Patience[]): Promise<void> {
  for (const [signal, waitMs] of signals) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    for (const deadline = Date.now() + waitMs; isAlive(pid) && Date.now() < deadline; ) await pause(20);
  }
  if (isAlive(pid)) throw new Error(`process ${pid} does not end`);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lastLines, openLog, readLog } from "./log-file.ts";
import { endProcess } from "./process-end.ts";
import type { Running } from "./supervisor.ts";

export type NodeProcess = {
  name: string;
  script: string;
  /** Arguments for Node itself. */
  nodeArguments?: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Whether the process does its work, given the time since its start and its output so far. */
  isHealthy: (aliveMs: number, readOutput: () => string) => boolean | Promise<boolean>;
  /** Whether it reports that it is still starting. Then it has unlimited time. */
  isStarting?: () => Promise<boolean>;
  /** Time to become healthy after it last reported that it is starting. Default 60 s. */
  patienceMs?: number;
  /** Time to finish its work after SIGTERM. Longer than the process's own deadline. */
  stopMs: number;
};

const defaultPatienceMs = 60_000;
const reportEveryMs = 30_000;
const watchParent = path.join(import.meta.dirname, "watch-parent.mjs");

/**
 * Starts one process of the installation with this Node executable. @throws with the end of its log if it does not
 * become healthy.
 */
export async function startNode(
  wanted: NodeProcess,
  signal: AbortSignal,
  say: (line: string) => void = () => {},
): Promise<Running> {
  const log = openLog(wanted.logFile);
  const logStart = fstatSync(log).size;
  const readOutput = () => readLog(wanted.logFile, logStart);
  const child = spawn(process.execPath, [...(wanted.nodeArguments ?? []), "--import", watchParent, wanted.script], {
    cwd: wanted.cwd,
    env: { ...wanted.env, TOLLGATE_WATCH_FD: "3", TOLLGATE_STOP_MS: String(wanted.stopMs) },
    stdio: ["ignore", log, log, "pipe"],
    detached: true, // Ctrl-C in the terminal must reach only the supervisor, which stops processes in order
  });
  closeSync(log);
  await once(child, "spawn");
  const pid = child.pid as number;
  const ended = once(child, "exit").then(() => void child.stdio[3]?.destroy());
  const stop = async () => {
    await endProcess(pid, [
      ["SIGTERM", wanted.stopMs],
      ["SIGKILL", 5_000],
    ]);
    await ended;
  };
  if (await untilHealthy()) return { pid, ended, stop };
  await stop();
  signal.throwIfAborted();
  throw new Error(`${wanted.name} did not start; the end of ${wanted.logFile}:\n${lastLines(readOutput())}`);

  async function untilHealthy(): Promise<boolean> {
    const startedAt = performance.now();
    let [askedAt, reportedAt] = [startedAt, startedAt];
    const patienceMs = wanted.patienceMs ?? defaultPatienceMs;
    for (let now = startedAt; ; now = performance.now()) {
      if (signal.aborted || child.exitCode !== null || child.signalCode !== null) return false;
      if (await wanted.isHealthy(now - startedAt, readOutput)) return true;
      if (now - askedAt > patienceMs / 2) {
        if (await wanted.isStarting?.()) askedAt = performance.now();
        else if (now - askedAt > patienceMs) return false; // checked after the probe, because this process may have been delayed itself
      }
      if (now - reportedAt > reportEveryMs) {
        reportedAt = now;
        say(`${wanted.name} is still starting, after ${Math.round((now - startedAt) / 1000)} s`);
      }
      await pause(50);
    }
  }
}

/** Whether a GET gets a 2xx answer within two seconds. */
export async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

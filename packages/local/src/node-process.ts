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
  /** For Node itself. */
  nodeArguments?: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Whether the process does its work by now, `aliveMs` after it was started and having `said` so much. */
  isHealthy: (aliveMs: number, said: () => string) => boolean | Promise<boolean>;
  /** Whether it is alive and says itself that it is still starting: then it is waited for, however long that takes. */
  isStarting?: () => Promise<boolean>;
  /** How long it may take to become healthy since it last said that it is starting; default 60 s. */
  patienceMs?: number;
  /** How long it may take to finish its work after SIGTERM: longer than it allows itself. */
  stopMs: number;
};

const defaultPatienceMs = 60_000;
const tellEveryMs = 30_000;
const watchParent = path.join(import.meta.dirname, "watch-parent.mjs");

/** Starts one process of the installation with this Node executable. @throws with the end of its log when it does not become healthy. */
export async function startNode(
  wanted: NodeProcess,
  signal: AbortSignal,
  say: (line: string) => void = () => {},
): Promise<Running> {
  const log = openLog(wanted.logFile);
  const logStart = fstatSync(log).size;
  const said = () => readLog(wanted.logFile, logStart);
  const child = spawn(process.execPath, [...(wanted.nodeArguments ?? []), "--import", watchParent, wanted.script], {
    cwd: wanted.cwd,
    env: { ...wanted.env, TOLLGATE_WATCH_FD: "3", TOLLGATE_STOP_MS: String(wanted.stopMs) },
    stdio: ["ignore", log, log, "pipe"],
    detached: true, // a Ctrl-C in the terminal is for the supervisor alone, which stops things in order
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
  throw new Error(`${wanted.name} did not start; the end of ${wanted.logFile}:\n${lastLines(said())}`);

  async function untilHealthy(): Promise<boolean> {
    const startedAt = performance.now();
    let [askedAt, toldAt] = [startedAt, startedAt];
    const patienceMs = wanted.patienceMs ?? defaultPatienceMs;
    for (let now = startedAt; ; now = performance.now()) {
      if (signal.aborted || child.exitCode !== null || child.signalCode !== null) return false;
      if (await wanted.isHealthy(now - startedAt, said)) return true;
      if (now - askedAt > patienceMs / 2) {
        if (await wanted.isStarting?.()) askedAt = performance.now();
        else if (now - askedAt > patienceMs) return false; // asked first, for this process may have been held up itself
      }
      if (now - toldAt > tellEveryMs) {
        toldAt = now;
        say(`${wanted.name} is still starting, after ${Math.round((now - startedAt) / 1000)} s`);
      }
      await pause(50);
    }
  }
}

/** Whether a GET is answered with 2xx within two seconds. */
export async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

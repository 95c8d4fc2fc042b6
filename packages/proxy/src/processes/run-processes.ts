import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../ports.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { FromParent, Pong, ProcessesState } from "./messages.ts";
import { countedMs, type Silent, TICK_MS, toReplace } from "./silence.ts";

const FLAG = "--process";
const BACKOFF: BackoffOptions = { firstMs: 500, lastMs: 30_000, settledMs: 60_000 };
/** Consecutive ends after which a process counts as failing. */
const FAILING_ENDS = 3;

interface Process extends Silent {
  number: number;
  child: ChildProcess;
  isAsked: boolean;
  isKilled: boolean;
  servingSinceMs: number | null;
}

/** The number of this process, from 1; null for the parent or the only process. */
export function processNumber(args: readonly string[]): number | null {
  const at = args.indexOf(FLAG);
  return at === -1 ? null : Number(args[at + 1]);
}

/**
 * Runs `count` processes of `script`. A process that ends is restarted, later each time if it did not serve for long. A
 * process that hangs is killed and replaced within 2 s, because it would keep its share of the connections. SIGTERM and
 * SIGINT are passed on. If a process fails before any process has served, all processes end.
 */
export async function runProcesses(script: string, count: number, log: Log): Promise<void> {
  const stopping = new AbortController();
  const running = new Set<Process>();
  const failing = new Set<number>();
  let restarts = 0;
  let hasServed = false;
  let sent = "";

  const stop = (): void => {
    stopping.abort();
    for (const { child } of running) child.kill("SIGTERM");
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const send = ({ child }: Process, message: FromParent): void => {
    if (child.connected) child.send(message, () => {});
  };

  function sendState(): void {
    const serving = [...running].filter(({ isServing }) => isServing).length;
    const state: ProcessesState = { wanted: count, serving, restarts, failing: failing.size };
    const text = JSON.stringify(state);
    if (text === sent) return;
    sent = text;
    for (const each of running) send(each, { kind: "state", state });
  }

  function start(number: number): Process {
    // In its own process group, so that Ctrl-C reaches only the parent, which passes it on once.
    const child = fork(script, [FLAG, String(number)], { detached: true });
    const started: Process = {
      number,
      child,
      isServing: false,
      isAsked: false,
      isKilled: false,
      silentMs: 0,
      servingSinceMs: null,
    };
    child.on("error", (error) => log.error({ process: number, err: error.message }, "a process cannot be started"));
    child.on("message", ({ kind, isServing }: Pong) => {
      if (kind !== "pong") return;
      started.isAsked = false;
      started.silentMs = 0;
      started.isServing = isServing;
      if (!isServing) return;
      hasServed = true;
      started.servingSinceMs ??= performance.now();
    });
    running.add(started);
    sent = "";
    return started;
  }

  let tickedAtMs = performance.now();
  const ticks = setInterval(() => {
    const nowMs = performance.now();
    const silenceMs = countedMs(nowMs - tickedAtMs);
    tickedAtMs = nowMs;
    for (const each of running) {
      if (nowMs - (each.servingSinceMs ?? nowMs) >= BACKOFF.settledMs) failing.delete(each.number);
      if (each.isAsked) each.silentMs += silenceMs;
      else send(each, { kind: "ping" });
      each.isAsked = true;
    }
    for (const hung of toReplace([...running].filter(({ isKilled }) => !isKilled))) {
      const { number, child, isServing, silentMs } = hung;
      hung.isKilled = true;
      log.error(
        { process: number, pid: child.pid, silentMs: Math.round(silentMs), isServing },
        "a process does not answer; it was killed and is replaced",
      );
      child.kill("SIGKILL");
    }
    sendState();
  }, TICK_MS);

  async function keep(number: number): Promise<void> {
    const backoff = new Backoff(BACKOFF);
    while (!stopping.signal.aborted) {
      const started = start(number);
      const [code, signal] = (await once(started.child, "exit")) as [number | null, NodeJS.Signals | null];
      running.delete(started);
      if (stopping.signal.aborted) return;
      if (code && !hasServed) {
        // The first start fails for a reason that it has printed itself: a bad setting, a taken port.
        process.exitCode = code;
        return stop();
      }
      const servedMs = started.servingSinceMs === null ? 0 : performance.now() - started.servingSinceMs;
      const waitMs = backoff.ended(servedMs);
      const fields = { process: number, code, signal, servedMs: Math.round(servedMs), waitMs, ends: backoff.ends };
      if (backoff.ends >= FAILING_ENDS) {
        failing.add(number);
        log.error(fields, "a process keeps ending soon after its start; it is restarted after waitMs, later each time");
      } else {
        failing.delete(number);
        log.warn(fields, "a process ended; it is restarted after waitMs");
      }
      restarts += 1;
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  await Promise.all(Array.from({ length: count }, (_, index) => keep(index + 1)));
  clearInterval(ticks);
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

const FLAG = "--process";
const RESTART_MS = 500;
/** A process that ends by itself so soon after the very start has told why, and would again. */
const FAILED_START_MS = 5_000;

/** Which of several processes this is, from 1; null for the one that starts them, or the only one. */
export function processNumber(args: readonly string[]): number | null {
  const at = args.indexOf(FLAG);
  return at === -1 ? null : Number(args[at + 1]);
}

/**
 * Runs `count` processes of `script`, starts anew what dies, and ends them all on SIGTERM or SIGINT, or when one of them
 * cannot start at all.
 */
export async function runProcesses(script: string, count: number): Promise<void> {
  const stopping = new AbortController();
  const children = new Set<ChildProcess>();
  const stop = (): void => {
    stopping.abort();
    for (const child of children) child.kill("SIGTERM");
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const startedMs = performance.now();

  async function keep(number: number): Promise<void> {
    while (!stopping.signal.aborted) {
      const child = fork(script, [FLAG, String(number)]);
      children.add(child);
      const [code] = (await once(child, "exit")) as [number | null];
      children.delete(child);
      if (code && !stopping.signal.aborted && performance.now() - startedMs < FAILED_START_MS) {
        process.exitCode = code;
        stop();
      }
      await pause(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  await Promise.all(Array.from({ length: count }, (_, index) => keep(index + 1)));
}

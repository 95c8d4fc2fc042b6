import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { waitFor } from "./wait-for.ts";

export interface NodeProcess {
  pid: number;
  /** Sends `signal`; without one, SIGTERM and SIGKILL after five seconds. Resolves when the process has exited. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface NodeCommand {
  args: string[];
  env?: Record<string, string>;
}

/** Preloaded into the child: ends it when this process has exited in any way. */
const watchParent = path.join(import.meta.dirname, "../../local/src/watch-parent.mjs");

/** Default settings: no load balancer to wait for, and any free port. */
const quiet = { TOLLGATE_DRAIN_NOTICE_MS: "0", TOLLGATE_DRAIN_MS: "15000", WORKER_METRICS_PORT: "0" };

function launch({ args, env }: NodeCommand, stdout: "pipe" | "ignore"): ChildProcess & { pid: number } {
  const child = spawn(process.execPath, ["--import", watchParent, ...args], {
    env: { ...process.env, ...quiet, ...env, TOLLGATE_WATCH_FD: "3" },
    stdio: ["ignore", stdout, "inherit", "pipe"],
  });
  if (child.pid === undefined) throw new Error(`cannot start ${args.join(" ")}`);
  return Object.assign(child, { pid: child.pid });
}

function handle(child: ChildProcess & { pid: number }): NodeProcess {
  const gone = once(child, "exit");
  return {
    pid: child.pid,
    async stop(signal) {
      child.kill(signal ?? "SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

/** Starts a script that prints a line when it is ready. Returns that line. */
export async function startAnnounced(command: NodeCommand): Promise<NodeProcess & { line: string }> {
  const child = launch(command, "pipe");
  if (!child.stdout) throw new Error("no standard output");
  const [line] = await once(createInterface(child.stdout), "line");
  child.stdout.resume();
  return { ...handle(child), line: String(line) };
}

/** Starts a script without waiting. */
export const startQuietly = (command: NodeCommand): NodeProcess => handle(launch(command, "ignore"));

/** Starts a server and waits until `probe` answers with a status below `statusBelow` (500). */
export async function startProbed(
  command: NodeCommand,
  probe: string,
  { statusBelow = 500 } = {},
): Promise<NodeProcess> {
  const child = launch(command, "ignore");
  const answered = async (): Promise<boolean> => (await fetch(probe)).status < statusBelow;
  await Promise.race([
    waitFor(answered),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`${command.args.join(" ")} ended with ${code}`))),
  ]);
  return handle(child);
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "./env.ts";

export type Command = {
  cwd?: string;
  /** Besides what this process has itself. */
  env?: NodeJS.ProcessEnv;
  input?: string;
  signal?: AbortSignal;
};

/**
 * Runs a command to its end, without showing what it says.
 * @returns its standard output. @throws with everything it said when it ends with another code than 0.
 */
export async function run(program: string, args: string[], command: Command = {}): Promise<string> {
  const { cwd = repository, env, input, signal } = command;
  signal?.throwIfAborted();
  // In a group of its own, so that what it starts (a build's workers, say) can be ended with it.
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
  const end = () => endGroup(child);
  signal?.addEventListener("abort", end);
  let said = "";
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stdin.on("error", () => undefined).end(input);
  const [code] = await once(child, "close");
  signal?.removeEventListener("abort", end);
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${code}\n${said.trim()}`);
  return output;
}

const endingMsMax = 3_000;

function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return;
  process.kill(-pid, "SIGTERM");
  setTimeout(() => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // They all went by themselves.
    }
  }, endingMsMax).unref();
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "./env.ts";

export type Command = {
  cwd?: string;
  /** Added to the environment of this process. */
  env?: NodeJS.ProcessEnv;
  input?: string;
  signal?: AbortSignal;
};

/**
 * Runs a command to its end without showing its output.
 * @returns its standard output. @throws with its whole output if the exit code is not 0.
 */
export async function run(program: string, args: string[], command: Command = {}): Promise<string> {
  const { cwd = repository, env, input, signal } = command;
  signal?.throwIfAborted();
  // In a separate process group, so that its child processes (such as build workers) can be ended with it.
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
  const end = () => endGroup(child);
  signal?.addEventListener("abort", end);
  let allOutput = "";
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    allOutput += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    allOutput += text;
  });
  child.stdin.on("error", () => undefined).end(input);
  const [code] = await once(child, "close");
  signal?.removeEventListener("abort", end);
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${code}\n${allOutput.trim()}`);
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
      // All have exited by themselves.
    }
  }, endingMsMax).unref();
}

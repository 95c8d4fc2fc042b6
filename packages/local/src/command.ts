import { spawn } from "node:child_process";
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
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
  const end = () => child.kill("SIGTERM");
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

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { inherited } from "./env.ts";

export interface Child {
  pid: number;
  stop(): Promise<void>;
}

interface Command {
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
}

function launch({ args, env, cwd }: Command, stdout: "pipe" | "ignore"): ChildProcess {
  const production = { ...inherited, NODE_ENV: "production", ...env };
  return spawn(process.execPath, args, { cwd, env: production, stdio: ["ignore", stdout, "inherit"] });
}

function child(running: ChildProcess): Child {
  const { pid } = running;
  if (pid === undefined) throw new Error("could not start node");
  const exited = once(running, "exit");
  return {
    pid,
    stop: async () => {
      running.kill("SIGTERM");
      const lingering = setTimeout(() => running.kill("SIGKILL"), 5_000);
      await exited;
      clearTimeout(lingering);
    },
  };
}

/** Starts one of our own scripts, which prints its port first. */
export async function startAnnounced(script: string, ...args: string[]): Promise<Child & { port: number }> {
  const running = launch({ args: [new URL(script, import.meta.url).pathname, ...args] }, "pipe");
  if (!running.stdout) throw new Error(`${script} has no output`);
  const [line] = await once(createInterface(running.stdout), "line");
  return { ...child(running), port: Number(line) };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Starts a foreign program and waits until `probe` answers below 500. */
export async function startProbed(command: Command, probe: string, timeoutMs = 20_000): Promise<Child> {
  const running = launch(command, "ignore");
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answered = await fetch(probe).then(
      (response) => response.status < 500,
      () => false,
    );
    if (answered) return child(running);
    if (running.exitCode !== null) throw new Error(`${command.args[0]} exited with ${running.exitCode}`);
    if (Date.now() > deadline) throw new Error(`${command.args[0]} is not ready after ${timeoutMs} ms`);
    await pause(50);
  }
}

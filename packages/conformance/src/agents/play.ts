import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Provider } from "@tollgate/testkit/provider";
import { type Asked, answer, type Behaviour } from "@tollgate/testkit/provider-behaviour";
import { readSearchPath } from "../env.ts";
import type { Rig } from "../rig.ts";
import type { Agent, Place } from "./agents.ts";

const CONTENT = "It works in front of any provider.";
const FILE = "tollgate.txt";
const TASK_MS = 120_000;
/** Of its output, if it fails. */
const LINES = 8;

export interface Upstream {
  rig: Rig;
  provider: Provider;
  upstreamModel: string;
}

export interface Played {
  isOk: boolean;
  reason: string;
}

/** The program of an agent, installed in a folder. */
export function programOf(agent: Agent, folder: string): { command: string; args: string[] } {
  const modules = path.join(folder, "node_modules");
  const platform = `${process.platform}-${process.arch}`;
  if (agent.binary) return { command: path.join(modules, agent.binary(platform)), args: [] };
  return { command: process.execPath, args: [path.join(modules, agent.package, agent.script ?? "")] };
}

/** Calls the tool that writes a file, once; after its result it is done. */
function upstream(agent: Agent, file: string): Behaviour {
  let isCalled = false;
  return (asked: Asked) => {
    const request = JSON.stringify(asked.json);
    const offered = agent.writes(file, CONTENT).find(({ name }) => request.includes(`"name":"${name}"`));
    if (!offered || isCalled) return answer({ text: "Done." })(asked);
    isCalled = true;
    return answer({ toolCalls: [offered] })(asked);
  };
}

/** Lets an agent do its task. */
export async function play(agent: Agent, folder: string, { rig, provider, upstreamModel }: Upstream): Promise<Played> {
  const home = await mkdtemp(path.join(tmpdir(), "tollgate-agent-"));
  const place: Place = { origin: rig.origin, key: rig.key, model: agent.family, home };
  try {
    const file = path.join(home, FILE);
    for (const [name, content] of Object.entries(agent.files?.(place) ?? {})) {
      await mkdir(path.dirname(path.join(home, name)), { recursive: true });
      await writeFile(path.join(home, name), content);
    }
    provider.scriptModel(upstreamModel, upstream(agent, file));
    const before = provider.requests.length;
    const { command, args } = programOf(agent, folder);
    const prompt = `Create the file ${file} with exactly this content: ${CONTENT}`;
    const output = await run(command, [...args, ...agent.args(prompt, place)], home, agent.env(place));
    const calls = provider.requests.length - before;
    const written = await readFile(file, "utf8").catch(() => null);
    if (written === CONTENT) return { isOk: true, reason: `it wrote the file, with ${calls} calls` };
    return {
      isOk: false,
      reason: `no file after ${calls} calls; ${output.trim().split("\n").slice(-LINES).join("\n    ")}`,
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Only what is given here is in its environment, so that it finds no other account. @returns its output */
function run(command: string, args: readonly string[], home: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: home,
      env: { PATH: readSearchPath(), HOME: home, TERM: "dumb", NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    const add = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding("utf8").on("data", add);
    child.stderr.setEncoding("utf8").on("data", add);
    const timer = setTimeout(() => {
      add(`\nstopped after ${TASK_MS / 1000} s`);
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    }, TASK_MS);
    child.once("error", (error) => add(error.message));
    child.once("close", () => {
      clearTimeout(timer);
      resolve(output);
    });
  });
}

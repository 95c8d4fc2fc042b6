import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../src/ports.ts";
import type { Ready } from "../src/ready.ts";
import { eventually } from "./eventually.ts";

const up = path.resolve(import.meta.dirname, "../up.mjs");
const settings = [
  "DASHBOARD_PORT",
  "DASHBOARD_METRICS_PORT",
  "PROXY_PORT",
  "METRICS_PORT",
  "WORKER_METRICS_PORT",
  "PROVIDER_PORT",
  "POSTGRES_PORT",
];

export async function freePorts(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const setting of settings) ports[setting] = String(await freePort());
  return ports;
}

/** Runs `npm start` with these settings. */
export function startInstallation(env: NodeJS.ProcessEnv, options: string[] = []) {
  const process_ = spawn(process.execPath, [up, "start", ...options], { env: { ...process.env, ...env } });
  const output = { text: "" };
  for (const stream of [process_.stdout, process_.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output.text += text;
    });
  return { process: process_, output, ended: endOf(process_) };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "close");
  return code;
}

/** Content of `ready.json` once the installation is ready. */
export const readyIn = (dataDir: string): Promise<Ready> =>
  eventually(() => JSON.parse(readFileSync(path.join(dataDir, "ready.json"), "utf8")), 420_000);

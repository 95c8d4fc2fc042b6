import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const DRIVER = path.join(import.meta.dirname, "driver.ts");
const WORKER = path.join(import.meta.dirname, "../../../../apps/worker/src/main.ts");

const children = new Set<ChildProcess>();

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

export interface DriverOptions {
  dir: string;
  databaseUrl: string;
  redisUrl?: string | undefined;
  orgId: string;
  /** Calls per second; 0 ships what is there and ends. */
  perSecond: number;
  onLine: (line: string) => void;
}

export function startDriver({
  dir,
  databaseUrl,
  redisUrl = "",
  orgId,
  perSecond,
  onLine,
}: DriverOptions): ChildProcess {
  const child = start([DRIVER, dir, databaseUrl, redisUrl, orgId, String(perSecond)]);
  if (child.stdout) createInterface(child.stdout).on("line", onLine);
  return child;
}

export function startWorker(databaseUrl: string, redisUrl = ""): ChildProcess {
  const env = {
    TOLLGATE_INGEST_DATABASE_URL: databaseUrl,
    TOLLGATE_CHANNEL_PRIVATE_KEY: randomBytes(32).toString("base64"),
    REDIS_URL: redisUrl,
    TOLLGATE_LOG_LEVEL: "silent",
  };
  const child = start([WORKER], env);
  child.stdout?.resume();
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export const killAll = (): Promise<unknown> => Promise.all([...children].map(kill));

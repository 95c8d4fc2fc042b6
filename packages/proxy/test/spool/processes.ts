import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { type NodeProcess, startQuietly } from "@tollgate/testkit/node-process";

const DRIVER = path.join(import.meta.dirname, "driver.ts");
const WORKER = path.join(import.meta.dirname, "../../../../apps/worker/src/main.ts");

/** Shared by drivers and workers. */
export const EVENT_KEY = Buffer.alloc(32, 7);

const drivers = new Set<ChildProcess>();
const workers = new Set<NodeProcess>();

export interface DriverOptions {
  dir: string;
  databaseUrl: string;
  redisUrl?: string | undefined;
  orgId: string;
  /** Calls per second; with 0 the driver ships the existing records and exits. */
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
  const args = [DRIVER, dir, databaseUrl, redisUrl, orgId, String(perSecond)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  drivers.add(child);
  child.once("exit", () => drivers.delete(child));
  createInterface(child.stdout).on("line", onLine);
  return child;
}

export function startWorker(databaseUrl: string, redisUrl = ""): NodeProcess {
  const env = {
    TOLLGATE_INGEST_DATABASE_URL: databaseUrl,
    TOLLGATE_CHANNEL_PRIVATE_KEY: randomBytes(32).toString("base64"),
    TOLLGATE_AUDIT_KEY: randomBytes(32).toString("base64"),
    TOLLGATE_EVENT_KEY: EVENT_KEY.toString("base64"),
    REDIS_URL: redisUrl,
    TOLLGATE_LOG_LEVEL: "silent",
  };
  const worker = startQuietly({ args: [WORKER], env });
  workers.add(worker);
  return worker;
}

export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export async function killAll(): Promise<void> {
  await Promise.all([...[...drivers].map(kill), ...[...workers].map((worker) => worker.stop("SIGKILL"))]);
  workers.clear();
}

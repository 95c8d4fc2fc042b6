import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { freePort } from "@tollgate/testkit/cluster";
import { waitFor } from "@tollgate/testkit/wait-for";

/** Content of `ready.json`. */
export interface Ready {
  dashboardUrl: string;
  proxyUrl: string;
  metricsUrl: string;
}

export interface Installation {
  ready: Ready;
  /** URL of the database for the worker's role. */
  ingestUrl: string;
  stop(): Promise<void>;
}

const root = path.join(import.meta.dirname, "..");
const PORTS = [
  "POSTGRES_PORT",
  "PROXY_PORT",
  "METRICS_PORT",
  "WORKER_METRICS_PORT",
  "DASHBOARD_PORT",
  "DASHBOARD_METRICS_PORT",
  "PROVIDER_PORT",
];

/** Starts an empty installation as a user does: with one command, on free ports, in its own data folder. */
export async function startInstallation(dataDir: string): Promise<Installation> {
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  const ports = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())] as const));
  const installation = spawn(process.execPath, ["packages/local/up.mjs", "start", "--empty"], {
    cwd: root,
    env: {
      ...process.env,
      ...Object.fromEntries(ports),
      TOLLGATE_DATA_DIR: dataDir,
      TOLLGATE_PRIVATE_HOSTS: "127.0.0.1=*",
      TOLLGATE_SIGN_UP: "open",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exited = once(installation, "exit");
  const ready = await Promise.race([
    waitFor(async () => JSON.parse(await readFile(path.join(dataDir, "ready.json"), "utf8")) as Ready, {
      timeoutMs: 180_000,
      everyMs: 100,
    }),
    exited.then(([code]) => Promise.reject(new Error(`the installation ended with ${code}`))),
  ]);
  const secrets = JSON.parse(await readFile(path.join(dataDir, "secrets.json"), "utf8"));
  const { POSTGRES_PORT } = Object.fromEntries(ports);
  return {
    ready,
    ingestUrl: `postgresql://tollgate_ingest:${secrets.rolePasswords.tollgate_ingest}@127.0.0.1:${POSTGRES_PORT}/tollgate`,
    stop: async () => {
      installation.kill("SIGINT");
      await exited;
    },
  };
}

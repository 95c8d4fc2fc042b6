import path from "node:path";
import { readSettings } from "@tollgate/local/env";
import { proxyNodeArguments } from "@tollgate/local/proxy-node-arguments";
import { openSecrets } from "@tollgate/local/secrets";
import { freePort } from "@tollgate/testkit/cluster";
import { type NodeProcess, startProbed, startQuietly } from "@tollgate/testkit/node-process";

export interface DatabaseUrls {
  controlUrl: string;
  proxyUrl: string;
  ingestUrl: string;
}

/** A proxy and a worker as production runs them, each in its own process. Tests kill and restart them. */
export interface Installation {
  /** Origin of the proxy. It stays the same after a restart. */
  proxyOrigin: string;
  settings: Record<string, string>;
  proxy: Resident;
  worker: Resident;
}

export interface Resident {
  /** Id of the running process. */
  pid(): number;
  start(): Promise<void>;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Sends SIGTERM: the process drains first. */
  stop(): Promise<void>;
}

const root = path.join(import.meta.dirname, "../../..");

function resident(start: () => Promise<NodeProcess>): Resident {
  let running: NodeProcess | undefined;
  const end = async (signal?: NodeJS.Signals): Promise<void> => {
    await running?.stop(signal);
    running = undefined;
  };
  return {
    pid() {
      if (!running) throw new Error("the process is not running");
      return running.pid;
    },
    async start() {
      running = await start();
    },
    kill: () => end("SIGKILL"),
    stop: () => end(),
  };
}

export interface InstallationOptions {
  /** Added to the default settings; replaces those of the same name. */
  settings?: Record<string, string>;
  /** Modules that every process of the installation loads before anything else. */
  preload?: readonly string[];
}

/** Starts no process yet. `dir` holds spool and secrets. Providers on 127.0.0.1 are allowed. */
export async function createInstallation(
  urls: DatabaseUrls,
  dir: string,
  { settings: own = {}, preload = [] }: InstallationOptions = {},
): Promise<Installation> {
  const [proxyPort, metricsPort] = await Promise.all([freePort(), freePort()]);
  const secrets = openSecrets(path.join(dir, "secrets.json"), readSettings({}).secrets);
  const settings = {
    ...secrets.settings,
    TOLLGATE_CONTROL_DATABASE_URL: urls.controlUrl,
    TOLLGATE_PROXY_DATABASE_URL: urls.proxyUrl,
    TOLLGATE_INGEST_DATABASE_URL: urls.ingestUrl,
    TOLLGATE_DATA_DIR: dir,
    TOLLGATE_SPOOL_DIR: path.join(dir, "spool"),
    TOLLGATE_PRIVATE_HOSTS: "127.0.0.1=*",
    PROXY_PORT: String(proxyPort),
    METRICS_PORT: String(metricsPort),
    NODE_ENV: "production",
    ...own,
  };
  const main = (room: string) => ({
    args: [
      ...(room === "packages/proxy" ? proxyNodeArguments : []),
      ...preload.flatMap((module) => ["--import", module]),
      path.join(root, room, "src/main.ts"),
    ],
    env: settings,
  });
  const proxyOrigin = `http://127.0.0.1:${proxyPort}`;
  return {
    proxyOrigin,
    settings,
    proxy: resident(() => startProbed(main("packages/proxy"), `${proxyOrigin}/readyz`, { statusBelow: 300 })),
    worker: resident(async () => startQuietly(main("apps/worker"))),
  };
}

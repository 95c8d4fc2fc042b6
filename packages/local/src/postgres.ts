import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { openLog } from "./log-file.ts";
import { type Binaries, findBinaries, serverUser } from "./postgres-binaries.ts";
import { clusterOwner, prepareCluster } from "./postgres-cluster.ts";
import { endLeftoverServer } from "./postgres-leftover.ts";
import { endProcess, orderlyThenKill } from "./process-end.ts";

export type PostgresOptions = {
  /** Folder of the cluster. Created if missing. */
  dir: string;
  port: number;
  /** Password of the owner. It is set when the cluster is created. */
  password: string;
  /** false: no fsync. For tests, whose data may be lost. */
  durable: boolean;
  /** Default: `<dir>.log`, next to the cluster. */
  logFile?: string;
  /** Default 200. */
  connectionsMax?: number;
  /** Default: those of the npm package. */
  binaries?: Binaries;
};

export type Postgres = {
  /** URL of the owner for the database `postgres`. For others see `withDatabase`. */
  url: string;
  pid: number;
  /** Resolves when the server has ended for any reason. */
  ended: Promise<void>;
  /** Stops the server; kills it after 15 s. */
  stop: () => Promise<void>;
};

const readyWithinMs = 60_000;

// Postgres cannot notice that its parent was killed. A background shell can: its read ends when the pipe closes.
// The first shell becomes the server (exec), so the child's pid is the server's.
const withParentWatch = 'exec 3<&0; ( (read -r _ <&3; kill -INT $$) >/dev/null 2>&1 & ); exec "$@" 3<&- </dev/null';

/** Starts the Postgres of the npm package on 127.0.0.1. @throws if it is not ready within 60 s. The log file has the reason. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const user = serverUser();
  const binaries = options.binaries ?? (await findBinaries(user));
  const dir = prepareCluster(binaries, user, options);
  await endLeftoverServer(dir);
  const logFile = options.logFile ?? `${options.dir}.log`;
  const log = openLog(logFile);
  const server = spawn("/bin/sh", ["-c", withParentWatch, "sh", binaries.postgres, ...serverArguments(dir, options)], {
    ...user,
    cwd: "/",
    stdio: ["pipe", log, log],
    detached: true, // Ctrl-C in the terminal must reach only the supervisor, which stops processes in order
  });
  closeSync(log);
  await once(server, "spawn");
  const pid = server.pid as number;
  const ended = once(server, "exit").then(() => void server.stdin?.destroy());
  const url = postgresUrl({ ...options, database: "postgres" });
  const stop = async () => {
    await endProcess(pid, orderlyThenKill);
    await ended;
  };
  try {
    await Promise.race([
      untilItAnswers(url),
      ended.then(() => Promise.reject(new Error("Postgres ended while starting"))),
    ]);
  } catch (cause) {
    await stop();
    throw new Error(`Postgres did not start; see ${logFile}`, { cause });
  }
  return { url, pid, ended, stop };
}

/** URL of the owner of a server with these options. */
export function postgresUrl(server: { port: number; password: string; database: string }): string {
  const url = new URL(`postgresql://127.0.0.1:${server.port}`);
  url.username = clusterOwner;
  url.password = encodeURIComponent(server.password);
  return withDatabase(url.href, server.database);
}

/** URL of another database on the same server. */
export function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other.href;
}

function serverArguments(dir: string, { port, durable, connectionsMax = 200 }: PostgresOptions): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    timezone: "UTC",
    log_timezone: "UTC",
    max_connections: connectionsMax,
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return ["-D", dir, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

async function untilItAnswers(url: string): Promise<void> {
  for (const deadline = Date.now() + readyWithinMs; ; await pause(50)) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      await client.query("select 1");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

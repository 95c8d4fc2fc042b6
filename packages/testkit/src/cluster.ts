import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { freePort } from "@tollgate/local/ports";
import { startPostgres, withDatabase } from "@tollgate/local/postgres";
import pg from "pg";
import { childrenOf } from "./children-of.ts";
import { signalAll } from "./signal-all.ts";

export { freePort };

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../../..");

export const ROLES = ["tollgate_control", "tollgate_proxy", "tollgate_ingest"] as const;
export const TEMPLATE = "tollgate_template";

/** Plain data, so that the set-up of a run can pass it to its workers. */
export interface TestCluster {
  /** URL of the superuser, to whom row security does not apply. */
  ownerUrl: string;
  /** Password of all three roles. */
  password: string;
}

/** Runs statements one after the other on a new connection. Returns the rows of the last. */
export async function query<Row extends pg.QueryResultRow>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC" });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** Runs `prisma migrate deploy` as an installation does. Rejects with its output. */
export const migrate = (ownerUrl: string): Promise<unknown> =>
  run(path.join(root, "node_modules/.bin/prisma"), ["migrate", "deploy", "--config", "prisma/prisma.config.ts"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: ownerUrl },
  });

/** Creates the queue's tables. */
async function installQueue(ownerUrl: string): Promise<void> {
  const install = path.join(root, "packages/jobs/src/install.ts");
  if (existsSync(install)) await run(process.execPath, [install], { env: { ...process.env, DATABASE_URL: ownerUrl } });
}

/** Migrates a database, sets the password of the roles, and creates the queue's tables. Idempotent. */
export async function prepareDatabase(ownerUrl: string, password: string): Promise<void> {
  await migrate(ownerUrl);
  await query(ownerUrl, ...ROLES.map((role) => `ALTER ROLE ${role} LOGIN PASSWORD '${password}'`));
  await installQueue(ownerUrl);
}

/** A Postgres that can be killed and restarted in its data folder. */
export interface TestServer {
  ownerUrl: string;
  /** Process id of the running server. Each session is a child process of it. */
  pid(): number;
  /** Sends SIGKILL to the server and all sessions. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

/** Folder of Debian's Postgres of this major version; null if it is not installed. */
export function debianPostgres(major: number): { initdb: string; postgres: string } | null {
  const bin = `/usr/lib/postgresql/${major}/bin`;
  return existsSync(bin) ? { initdb: `${bin}/initdb`, postgres: `${bin}/postgres` } : null;
}

interface ServerOptions {
  durable?: boolean;
  /** Folder of the Postgres programs. Default: those of the npm package. */
  binaries?: { initdb: string; postgres: string };
}

/** Starts an empty Postgres. Unless `durable`, it is faster and does not sync to disk. */
export async function startServer({ durable = false, binaries }: ServerOptions = {}): Promise<TestServer> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-test-"));
  const password = randomBytes(18).toString("base64url");
  const options = {
    dir: path.join(dir, "pg"),
    port: await freePort(),
    password,
    durable,
    ...(binaries && { binaries }),
  };
  let server = await startPostgres(options);
  // Under another folder if the server runs as another user that cannot read this one.
  const [placed] = await query<{ data_directory: string }>(server.url, "SHOW data_directory");
  return {
    ownerUrl: server.url,
    pid: () => server.pid,
    async kill() {
      signalAll([server.pid, ...childrenOf(server.pid)], "SIGKILL");
      await server.ended;
    },
    async start() {
      server = await startPostgres(options);
    },
    async stop() {
      await server.stop();
      for (const made of [dir, placed?.data_directory ?? dir]) await rm(made, { recursive: true, force: true });
    },
  };
}

/** Starts one Postgres for a whole run and migrates a template database that each test file copies. */
export async function startTestCluster(options: ServerOptions = {}): Promise<TestCluster & TestServer> {
  const server = await startServer(options);
  const { ownerUrl, stop } = server;
  const password = randomBytes(18).toString("base64url");
  try {
    await query(ownerUrl, `CREATE DATABASE ${TEMPLATE}`);
    await prepareDatabase(withDatabase(ownerUrl, TEMPLATE), password);
    return { ...server, password };
  } catch (error) {
    await stop();
    throw error;
  }
}

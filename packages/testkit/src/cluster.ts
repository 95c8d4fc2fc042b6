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

/** Plain data, so that a run's set-up can hand it to its workers. */
export interface TestCluster {
  /** The server's superuser, whom row security does not bind. */
  ownerUrl: string;
  /** Of the three roles, all the same. */
  password: string;
}

/** Runs statements one after the other on a connection of their own. Returns the rows of the last. */
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

/** What `prisma migrate deploy` does on an installation. Rejects with its output. */
export const migrate = (ownerUrl: string): Promise<unknown> =>
  run(path.join(root, "node_modules/.bin/prisma"), ["migrate", "deploy", "--config", "prisma/prisma.config.ts"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: ownerUrl },
  });

/** The queue's tables, where that room is built. */
async function installQueue(ownerUrl: string): Promise<void> {
  const install = path.join(root, "packages/jobs/src/install.ts");
  if (existsSync(install)) await run(process.execPath, [install], { env: { ...process.env, DATABASE_URL: ownerUrl } });
}

/** A Postgres that can be killed and started again where it was. */
export interface TestServer {
  ownerUrl: string;
  /** Of the one running now; each session is a child of it. */
  pid(): number;
  /** SIGKILL to it and every session. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** For good. */
  stop(): Promise<void>;
}

/** Where Debian puts the programs of a Postgres of this major version; null where it is not installed. */
export function debianPostgres(major: number): { initdb: string; postgres: string } | null {
  const bin = `/usr/lib/postgresql/${major}/bin`;
  return existsSync(bin) ? { initdb: `${bin}/initdb`, postgres: `${bin}/postgres` } : null;
}

interface ServerOptions {
  durable?: boolean;
  /** Default: those of the npm install. */
  binaries?: { initdb: string; postgres: string };
}

/** A Postgres with nothing in it; unless it is to be `durable`, fast and forgetful. */
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
  // Elsewhere when the server's user, another than ours, cannot get to the folder.
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

/** One Postgres for a whole run, migrated once into a template that each test file copies. */
export async function startTestCluster(options: ServerOptions = {}): Promise<TestCluster & TestServer> {
  const server = await startServer(options);
  const { ownerUrl, stop } = server;
  const password = randomBytes(18).toString("base64url");
  try {
    await query(ownerUrl, `CREATE DATABASE ${TEMPLATE}`);
    const templateUrl = withDatabase(ownerUrl, TEMPLATE);
    await migrate(templateUrl);
    await query(templateUrl, ...ROLES.map((role) => `ALTER ROLE ${role} LOGIN PASSWORD '${password}'`));
    await installQueue(templateUrl);
    return { ...server, password };
  } catch (error) {
    await stop();
    throw error;
  }
}

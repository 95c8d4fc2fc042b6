import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { serverUser } from "@tollgate/local/postgres-binaries";
import pg from "pg";
import { freePort, ROLES, type TestCluster } from "./cluster.ts";
import { programMissing } from "./debian.ts";
import { waitFor } from "./wait-for.ts";

export interface TestPgBouncer {
  /** URL of the same database and role through PgBouncer. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** Null if PgBouncer is installed. Otherwise the reason to skip a test that needs it. */
export const pgBouncerMissing = (): Promise<string | null> => programMissing("pgbouncer");

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * A PgBouncer in transaction mode in front of the cluster, with an ordinary configuration. It has few
 * connections to Postgres, so that sessions really are shared. Throws where `pgBouncerMissing` gives a reason.
 */
export async function startPgBouncer({ ownerUrl, password }: TestCluster): Promise<TestPgBouncer> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-pgbouncer-"));
  const port = await freePort();
  const server = new URL(ownerUrl);
  const [users, settings] = [path.join(dir, "users.txt"), path.join(dir, "pgbouncer.ini")];
  const owner: [string, string] = [server.username, decodeURIComponent(server.password)];
  const logins = [owner, ...ROLES.map((role) => [role, password])];
  await writeFile(users, logins.map(([name, secret]) => `"${name}" "${secret}"\n`).join(""));
  await writeFile(
    settings,
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
`,
  );
  // PgBouncer does not run as root. The user it runs as must be able to read these files.
  for (const file of [dir, users, settings]) await chmod(file, 0o755);
  const pooler = spawn("pgbouncer", ["--quiet", settings], { ...serverUser(), stdio: "ignore" });
  await once(pooler, "spawn");
  const through = (url: string): string => {
    const other = new URL(url);
    other.port = String(port);
    return other.href;
  };
  const probe = new URL(through(ownerUrl));
  [probe.username, probe.password, probe.pathname] = [ROLES[0], password, "/template1"];
  await waitFor(() => answers(probe.href), { timeoutMs: 10_000 });
  return {
    through,
    async stop() {
      if (pooler.exitCode === null && pooler.signalCode === null) {
        const ended = once(pooler, "exit");
        pooler.kill("SIGKILL");
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

import pg from "pg";
import { run } from "./command.ts";
import { isUpToDate } from "./migrations.ts";
import { rolesOfOurs } from "./process-environment.ts";
import type { Secrets } from "./secrets.ts";

/** Id of the advisory lock. All starts use the same. */
const rolesLock = 7_104_211;

/** Migrates a database and gives the roles their passwords. Safe at every start, also concurrently. */
export async function bootstrapDatabase(databaseUrl: string, secrets: Secrets, signal: AbortSignal): Promise<void> {
  const env = { DATABASE_URL: databaseUrl };
  const there = await asOwner(databaseUrl, isUpToDate).catch(unlessMissing);
  if (!there) await run("prisma", ["migrate", "deploy", "--config", "prisma/prisma.config.ts"], { env, signal });
  await Promise.all([
    asOwner(databaseUrl, (client) => letRolesIn(client, secrets)),
    run(process.execPath, ["packages/jobs/src/install.ts"], { env, signal }),
  ]);
}

/** Migrations create the roles without a login. The passwords belong to this installation. */
async function letRolesIn(client: pg.Client, { rolePasswords }: Secrets): Promise<void> {
  await client.query("SELECT pg_advisory_lock($1)", [rolesLock]); // concurrent ALTER ROLE statements fail
  for (const role of rolesOfOurs())
    await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(rolePasswords[role])}`);
}

async function asOwner<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A database that does not exist yet is no error: the migration creates it. */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "3D000") throw error;
}

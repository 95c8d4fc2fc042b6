import pg from "pg";
import { run } from "./command.ts";
import { rolesOfOurs } from "./house-environment.ts";
import { Refusal } from "./refusal.ts";
import type { Secrets } from "./secrets.ts";

/** Brings a database to today's schema and lets the roles in. May run at every start, and several at once. */
export async function bootstrapDatabase(databaseUrl: string, secrets: Secrets, signal: AbortSignal): Promise<void> {
  const env = { DATABASE_URL: databaseUrl };
  await run("prisma", ["migrate", "deploy", "--config", "prisma/prisma.config.ts"], { env, signal });
  await Promise.all([
    letRolesIn(databaseUrl, secrets),
    run(process.execPath, ["packages/jobs/src/install.ts"], { env, signal }),
  ]);
}

/** Migrations make the roles without a log-in: their passwords are this installation's. */
async function letRolesIn(databaseUrl: string, { rolePasswords }: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const role of rolesOfOurs())
      await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(rolePasswords[role])}`);
  } finally {
    await client.end();
  }
}

/** @throws Refusal when nobody answers at DATABASE_URL, or not to these credentials. */
export async function requireDatabase(databaseUrl: string): Promise<void> {
  const server = new URL(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "3D000") return; // the database is not there yet: migrating creates it
    throw new Refusal(`DATABASE_URL does not answer at ${server.host}: ${message || code}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

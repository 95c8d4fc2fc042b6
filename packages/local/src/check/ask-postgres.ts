import pg from "pg";
import { withDatabase } from "../postgres.ts";
import { Refusal } from "../refusal.ts";
import type { PostgresFacts } from "./postgres-faults.ts";

const noSuchDatabase = "3D000";

const facts = `
  SELECT current_setting('server_version_num')::int AS "versionNumber",
    current_setting('server_version') AS version,
    current_user AS role,
    r.rolsuper OR r.rolcreaterole AS "canMakeRoles",
    pg_is_in_recovery() AS "isStandby",
    r.rolsuper OR CASE WHEN $1 THEN has_database_privilege(d.oid, 'CREATE') ELSE r.rolcreatedb END AS "canMake",
    pg_encoding_to_char(d.encoding) AS encoding
  FROM pg_roles AS r, pg_database AS d
  WHERE r.rolname = current_user AND d.datname = CASE WHEN $1 THEN current_database() ELSE 'template1' END`;

/** Queries the server and changes nothing. @throws Refusal if it does not answer or refuses the credentials. */
export async function askPostgres(databaseUrl: string): Promise<PostgresFacts> {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) || "postgres";
  try {
    return { database, isThere: true, ...(await ask(databaseUrl, true)) };
  } catch (error) {
    if ((error as pg.DatabaseError).code !== noSuchDatabase) throw unanswered(databaseUrl, error);
  }
  try {
    return { database, isThere: false, ...(await ask(withDatabase(databaseUrl, "postgres"), false)) };
  } catch (error) {
    throw unanswered(databaseUrl, error);
  }
}

async function ask(url: string, isThere: boolean): Promise<Omit<PostgresFacts, "database" | "isThere">> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query(facts, [isThere]);
    return rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unanswered(databaseUrl: string, error: unknown): Refusal {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Refusal(`DATABASE_URL does not answer at ${new URL(databaseUrl).host}: ${message || code}.`);
}

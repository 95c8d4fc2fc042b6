import pg from "pg";

export interface PoolOptions {
  connectionString: string;
  /** Maximum number of connections. Default 4. */
  max?: number;
  /** Timeout of a connection attempt and of a query, in milliseconds. Default: none. */
  timeoutMs?: number;
  /** Called when an idle connection breaks. The pool replaces it. */
  onError?: (error: Error) => void;
}

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

/** Names of UTC in Postgres and its packages. */
const UTC = ["UTC", "Etc/UTC"];

/** Connections that are directly connected to a session of Postgres. */
const direct = new WeakSet<pg.PoolClient>();

/** Whether the connection keeps prepared statements. A pooler in transaction mode uses another session for each transaction. */
export const isDirect = (client: PoolClient): boolean => direct.has(client);

/**
 * The Prisma adapter drops the offset of a timestamptz, so in another time zone it would read wrong instants. The roles
 * have UTC as default, because a pooler such as PgBouncer accepts no start-up options and keeps no session settings.
 */
async function inspect(client: pg.PoolClient & { processID?: number }): Promise<void> {
  const { rows } = await client.query<{ zone: string; role: string; pid: number }>(
    "select current_setting('TimeZone') as zone, current_user as role, pg_backend_pid() as pid",
  );
  const { zone, role, pid } = rows[0] ?? { zone: "unknown", role: "", pid: 0 };
  if (!UTC.includes(zone))
    throw new Error(
      `Postgres gives the role ${role} the time zone ${zone}, and it must be UTC: ALTER ROLE ${role} SET timezone = 'UTC'`,
    );
  // A pooler reports a different process id.
  if (client.processID === pid) direct.add(client);
}

/** Plain SQL for the roles without a tenant: the directory's views and ingest. bigint and numeric are returned as text. */
export function openPool({ connectionString, max = 4, timeoutMs = 0, onError = () => {} }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    onConnect: (client) => inspect(client as pg.PoolClient),
  });
  // Without a listener a broken idle connection would end the process.
  pool.on("error", onError);
  // The same applies to a connection in use, between two queries: its user gets the error from the next query.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

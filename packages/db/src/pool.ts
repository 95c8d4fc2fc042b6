import pg from "pg";

export interface PoolOptions {
  connectionString: string;
  /** Connections at most, default 4. */
  max?: number;
  /** Milliseconds a connection or a query may take, default for ever. */
  timeoutMs?: number;
  /** An idle connection broke; the pool replaces it by itself. */
  onError?: (error: Error) => void;
}

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

/** Names of UTC that Postgres and its packages use. */
const UTC = ["UTC", "Etc/UTC"];

/** Connections whose other end is one session of Postgres. */
const direct = new WeakSet<pg.PoolClient>();

/** Whether the connection keeps what is prepared on it. A pooler in transaction mode gives each transaction another session. */
export const isDirect = (client: PoolClient): boolean => direct.has(client);

/**
 * The Prisma adapter drops the offset of a timestamptz, so in another time zone it would read instants wrong. The roles
 * have the zone as their default: a pooler such as PgBouncer takes no start-up option and keeps no session setting.
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
  // A pooler makes up a number of its own.
  if (client.processID === pid) direct.add(client);
}

/** Plain SQL for the roles that have no tenant: the directory's views and ingest. bigint and numeric come as text. */
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
  // So would a broken one in use, between two queries: its user gets the error from the next query.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

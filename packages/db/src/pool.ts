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

/** Plain SQL for the roles that have no tenant: the directory's views and ingest. bigint and numeric come as text. */
export function openPool({ connectionString, max = 4, timeoutMs = 0, onError = () => {} }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    options: "-c TimeZone=UTC",
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // Without a listener a broken idle connection would end the process.
  pool.on("error", onError);
  // So would a broken one in somebody's hands, between two queries. Whoever holds it hears of it from the next query.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

import { openPool, type PoolClient } from "@tollgate/db/pool";

/** The server's timeout is shorter, because a session that waits for a lock does not notice that its client has disconnected. */
const SERVER_SHARE = 0.9;

export interface Sessions {
  /** Runs queries in a transaction with one snapshot. Throws if Postgres is down, slow or locked. */
  within<T>(ask: (client: PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** At most `max` connections. `timeoutMs` is the timeout of a connection attempt and of each query. */
export function openSessions(connectionString: string, max: number, timeoutMs: number): Sessions {
  const pool = openPool({ connectionString, max, timeoutMs });
  // Set inside the transaction, because a pooler refuses or drops settings of a session.
  const begin = `begin transaction isolation level repeatable read read only;
    set local statement_timeout = ${Math.round(timeoutMs * SERVER_SHARE)}`;
  return {
    async within(ask) {
      const client = await pool.connect();
      try {
        await client.query(begin);
        const answer = await ask(client);
        await client.query("commit");
        client.release();
        return answer;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

import { setTimeout as pause } from "node:timers/promises";
import type { Pool, PoolClient } from "@tollgate/db/pool";

const TRIES_MAX = 10;

/** Serialization failure, deadlock, a limit deleted during the transaction, a partition created by another session. */
const PASSING = new Set(["40001", "40P01", "23503", "42P07"]);

const stateOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** The error is in the rows, so a retry cannot help: data exception, constraint violation, row too large. */
export const isBadData = (error: unknown): error is Error =>
  /^(22|23|54)/.test(stateOf(error)) && !PASSING.has(stateOf(error));

async function once<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    // A connection that cannot roll back is closed instead of reused.
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs `work` in its own transaction. Transient errors are retried with jitter, at most ten times in all. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (tries === TRIES_MAX || !PASSING.has(stateOf(error))) throw error;
      await pause(Math.random() * 10 * 2 ** tries);
    }
  }
}

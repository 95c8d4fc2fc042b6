import { setTimeout as pause } from "node:timers/promises";
import type { Pool, PoolClient } from "@tollgate/db/pool";

const TRIES_MAX = 10;

/** Serialization failure, deadlock, a limit deleted while it was counted against, a partition another has just made. */
const PASSING = new Set(["40001", "40P01", "23503", "42P07"]);

const stateOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** The fault is in the rows, so trying again would not help: a data exception, a broken constraint, a row too big. */
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
    // A connection that cannot even roll back is not given to the next.
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs `work` in a transaction of its own, again when only its timing was bad: at most ten times, with jitter. */
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

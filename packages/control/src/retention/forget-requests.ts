import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "@tollgate/db/pool";

const ROWS_AT_ONCE = 2_000;
const TRIES = 5;
/** lock_not_available. */
const BUSY = "55P03";

const isBusy = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === BUSY;

/** Waits between two tries. A test replaces it. */
export type Wait = () => Promise<void>;

const briefly: Wait = () => pause(500 + Math.random() * 1_000);

async function dropOne(pool: Pool, wait: Wait): Promise<string | null | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { rows } = await pool.query<{ name: string | null }>("select drop_usage_partition() as name");
      return rows[0]?.name ?? null;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (tries === TRIES) return undefined;
      await wait();
    }
  }
}

/**
 * Drops the partitions that are past the longest retention. If a partition's lock is not free after some tries, the next run goes on.
 * Returns the names of the dropped ones.
 */
export async function dropPartitions(pool: Pool, wait = briefly): Promise<{ dropped: string[]; gaveUp: boolean }> {
  const dropped: string[] = [];
  for (;;) {
    const name = await dropOne(pool, wait);
    if (!name) return { dropped, gaveUp: name === undefined };
    dropped.push(name);
  }
}

/** Deletes the expired requests of organisations with a shorter retention, in small transactions. Returns how many. */
export async function forgetRequests(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    "select org_id as id from retention where requests_since is not null order by org_id",
  );
  let all = 0;
  for (const { id } of rows) {
    for (let deleted = -1; deleted !== 0; ) {
      const { rows } = await pool.query<{ deleted: number }>("select forget_requests($1, $2) as deleted", [
        id,
        ROWS_AT_ONCE,
      ]);
      deleted = rows[0]?.deleted ?? 0;
      all += deleted;
    }
  }
  return all;
}

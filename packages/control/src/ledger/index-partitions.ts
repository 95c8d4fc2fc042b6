import type { Pool } from "@tollgate/db/pool";

/** lock_not_available: somebody writes to that day. The next run tries again. */
const BUSY = "55P03";

/**
 * Adds newer indexes to the ledger's earlier partitions, one at a time. Returns how many it built. Each blocks the writers of
 * its own day only.
 */
export async function indexPartitions(pool: Pool): Promise<number> {
  for (let built = 0; ; built += 1) {
    try {
      const { rows } = await pool.query<{ day: string | null }>("select index_usage_partition() as day");
      if (!rows[0]?.day) return built;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === BUSY) return built;
      throw error;
    }
  }
}

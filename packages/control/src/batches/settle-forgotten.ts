import type { Pool } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { settleBatch } from "./settle-batch.ts";

/**
 * Providers end a batch within a day and keep its results for weeks. After this time without a result, its credential is gone
 * or refused, or no proxy runs.
 */
const DAYS = 4;
const MOST = 100;

const FORGOTTEN = `
  select org_id as "orgId", id as "batchId" from batch
  where settled_at is null and created_at < to_timestamp($1 / 1000.0) order by created_at limit ${MOST}`;

/**
 * Charges batches at their hold of which nothing was learnt for four days. Returns their number. One that cannot be settled is
 * reported, and does not stop the others.
 */
export async function settleForgotten(pool: Pool, nowMs: number, onError: (error: Error) => void): Promise<number> {
  const { rows } = await pool.query<{ orgId: string; batchId: string }>(FORGOTTEN, [nowMs - DAYS * 86_400_000]);
  let settled = 0;
  for (const batch of rows) {
    try {
      await inTransaction(pool, (client) => settleBatch(client, { ...batch, ended: { state: "gone" } }, nowMs));
      settled += 1;
    } catch (error) {
      onError(new Error(`the batch ${batch.batchId} cannot be settled`, { cause: error }));
    }
  }
  return settled;
}

import type { Pool, PoolClient } from "@tollgate/db/pool";

/**
 * The instant since when an organisation's requests are all in the ledger: earlier ones are deleted, or are being deleted, so
 * nothing may be computed from them. Epoch milliseconds; negative infinity: all are there.
 */
export async function eventsSinceMs(on: Pool | PoolClient, orgId: string): Promise<number> {
  const { rows } = await on.query<{ since: Date | null }>(
    `select greatest(
       (select since from usage_kept where name = 'usage_event'),
       (select requests_since from retention where org_id = $1)) as since`,
    [orgId],
  );
  return rows[0]?.since?.getTime() ?? Number.NEGATIVE_INFINITY;
}

import { NOTHING_USED } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { lockOrg } from "../org-lock.ts";
import { settleBatch } from "./settle-batch.ts";
import type { EndedBatch } from "./settled-event.ts";

/** After this time a provider lists every batch that it has created, and the ledger has the events of all others. */
const SURE_AFTER_MS = 10 * 60_000;

const UNSURE = `
  select created_at as "createdAt" from batch
  where org_id = $1 and id = $2 and settled_at is null and provider_batch_id like '?%' for update`;

const ADOPT = `
  update batch as b set provider_batch_id = $3, next_poll_at = now()
  where b.org_id = $1 and b.id = $2 and not exists (
    select from batch as other
    where other.org_id = b.org_id and other.credential_id = b.credential_id and other.provider_batch_id = $3)`;

const NEVER_CREATED: EndedBatch = {
  ...{ state: "ended", outcome: "failed", use: NOTHING_USED, costNano: "0", priceVersion: null },
  ...{ linesDone: 0, linesFailed: 0, suspect: 0 },
};

interface Adoption {
  orgId: string;
  batchId: string;
  /** The provider's ids of batches that it may be. */
  found: readonly string[];
}

/**
 * Gives a batch the id that its provider did not answer with: the first that no other batch has. If there is none, the provider
 * has created nothing, and the hold ends without cost. Both wait until it is sure, and happen once.
 */
export async function adoptBatch(
  client: PoolClient,
  { orgId, batchId, found }: Adoption,
  nowMs: number,
): Promise<void> {
  await lockOrg(client, orgId);
  const { rows } = await client.query<{ createdAt: Date }>(UNSURE, [orgId, batchId]);
  const [unsure] = rows;
  if (!unsure || nowMs - unsure.createdAt.getTime() < SURE_AFTER_MS) return;
  for (const id of found) {
    const { rowCount } = await client.query(ADOPT, [orgId, batchId, id]);
    if (rowCount === 1) return;
  }
  await settleBatch(client, { orgId, batchId, ended: NEVER_CREATED }, nowMs);
}

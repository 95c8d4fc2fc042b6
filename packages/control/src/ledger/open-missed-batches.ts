import { BATCH_SURFACES, batchFlag } from "@tollgate/contracts/batch";
import type { Pool } from "@tollgate/db/pool";

/** An upgrade of the workers takes less time. */
const DAYS = 2;

const ADD = `
  insert into batch (org_id, id, key_id, credential_id, surface, model, provider, upstream_model, provider_batch_id, held_nano,
    created_at)
  select e.org_id, e.id, e.key_id, e.credential_id::uuid, e.surface, e.model, coalesce(e.provider, ''),
    coalesce(e.upstream_model, ''), substr(created.flag, length($2) + 1), e.held_nano, e.at
  from usage_event as e
  cross join lateral (select flag from unnest(e.flags) as flag where starts_with(flag, $2) limit 1) as created
  where e.at >= now() - interval '${DAYS} days' and e.surface = any($1) and e.cost_nano is null
    and e.credential_id ~ '^[0-9a-f-]{36}$'
    and not exists (select from batch as b where b.org_id = e.org_id and b.id = e.id)
  on conflict do nothing`;

/**
 * Adds the batches whose events a worker of a version without batches has stored: nothing else would end their holds. Returns
 * their number.
 */
export async function openMissedBatches(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(ADD, [BATCH_SURFACES, batchFlag("")]);
  return rowCount ?? 0;
}

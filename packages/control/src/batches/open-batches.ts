import { createdBatch, isBatchSurface } from "@tollgate/contracts/batch";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";

const ADD = `
  insert into batch (org_id, id, key_id, credential_id, surface, model, provider, upstream_model, provider_batch_id, held_nano,
    created_at)
  select b.* from json_to_recordset($1) as b (org_id uuid, id uuid, key_id uuid, credential_id uuid, surface text, model text,
    provider text, upstream_model text, provider_batch_id text, held_nano numeric, created_at timestamptz)
  where exists (select from organisation as o where o.id = b.org_id)
  order by org_id, id
  on conflict do nothing`;

/**
 * Adds the batches that new events created. Call it in the transaction that adds the events: then a hold in the ledger always
 * has a batch that ends it.
 */
export async function openBatches(client: PoolClient, events: readonly UsageEvent[]): Promise<void> {
  const rows = events.flatMap((event) => {
    const { id, orgId, keyId, credentialId, surface, model, provider, upstreamModel, heldNano, flags } = event;
    const providerBatchId = isBatchSurface(surface) ? createdBatch(flags) : null;
    if (providerBatchId === null || credentialId === null) return [];
    const owner = { org_id: orgId, key_id: keyId, credential_id: credentialId };
    const at = { provider: provider ?? "", upstream_model: upstreamModel ?? "", provider_batch_id: providerBatchId };
    const created_at = new Date(uuidTimeMs(id));
    return [{ id, ...owner, surface, model, ...at, held_nano: heldNano, created_at }];
  });
  if (rows.length > 0) await client.query(ADD, [JSON.stringify(rows)]);
}

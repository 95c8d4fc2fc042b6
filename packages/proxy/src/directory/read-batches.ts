import type { PoolClient } from "@tollgate/db/pool";
import { z } from "zod";
import type { BatchQuery, KnownBatch } from "../ports.ts";

const BATCHES = `
  select credential_id, provider_batch_id, is_settled from directory_batch as b
  where org_id = $1 and key_id = $2 and surface = $3 and provider_batch_id not like '?%'
    and ($4::text is null or (provider_batch_id = $4 and credential_id = $5))
    and ($6::text is null or id < (
      select from_id.id from directory_batch as from_id
      where from_id.org_id = $1 and from_id.key_id = $2 and from_id.provider_batch_id = $6 and from_id.credential_id = $7
      order by from_id.id limit 1))
  order by id desc limit $8`;

const Row = z.object({ credential_id: z.uuid(), provider_batch_id: z.string(), is_settled: z.boolean() }).transform(
  ({ credential_id, provider_batch_id, is_settled }): KnownBatch => ({
    credentialId: credential_id,
    providerId: provider_batch_id,
    isSettled: is_settled,
  }),
);

/** The batches of one key that are in the ledger, newest first. */
export async function readBatches(client: PoolClient, asked: BatchQuery): Promise<KnownBatch[]> {
  const { orgId, keyId, surface, only = null, before = null, most } = asked;
  const [one, last] = [only, before].map((at) => [at?.providerId ?? null, at?.credentialId ?? null]);
  const { rows } = await client.query(BATCHES, [orgId, keyId, surface, ...(one ?? []), ...(last ?? []), most]);
  return rows.map((row) => Row.parse(row));
}

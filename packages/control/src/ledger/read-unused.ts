import { UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";

const EVENT = `
  select id, org_id as "orgId", team_id as "teamId", member_id as "memberId", key_id as "keyId", model_id as "modelId",
    model, surface, stream, status, error, error_message as "errorMessage", outcome, provider,
    upstream_model as "upstreamModel", credential_id as "credentialId", cache, source, cost_nano::text as "costNano",
    held_nano::text as "heldNano", pricing, price_version as "priceVersion", flags, tags, customer, session,
    end_user as "endUser", cost_centre as "costCentre", client_request_id as "clientRequestId", metadata,
    total_ms as "totalMs", first_token_ms as "firstTokenMs", overhead_ms as "overheadMs"
  from usage_event where org_id = $1 and id = $2`;

/** An event that has no usage and no attempts, such as that of a batch's creation. Null: it is not in the ledger. */
export async function readUnused(client: PoolClient, orgId: string, id: string): Promise<UsageEvent | null> {
  const { rows } = await client.query<object>(EVENT, [orgId, id]);
  const [row] = rows;
  return row ? UsageEvent.parse({ ...row, v: 1, attempts: [], guardrails: [], use: { input: 0, output: 0 } }) : null;
}

import { uuidV7 } from "@tollgate/contracts/ids";
import { TASKS, type TaskInput } from "@tollgate/contracts/tasks";
import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { readOwnPrices } from "../ledger/rated-events.ts";

const MOST = 200;
const PRICES_MAX = 100;

/**
 * A batch waits a twentieth of its age until the next poll: 30 seconds at first, ten minutes at last. So does one that somebody
 * cancels, from then on: a poll that is under way knows nothing of it.
 */
const DUE = `
  with due as (
    select b.org_id, b.id from batch as b
    where b.settled_at is null and b.next_poll_at <= now()
    order by b.next_poll_at limit ${MOST} for update skip locked
  ), next as (
    update batch as b set next_poll_at = now()
      + least(greatest((now() - coalesce(b.cancel_asked_at, b.created_at)) / 20, interval '30 seconds'), interval '10 minutes')
    from due where b.org_id = due.org_id and b.id = due.id
    returning b.*
  )
  select n.id as "batchId", n.org_id as "orgId", n.credential_id as "credentialId", n.surface,
    n.provider_batch_id as "providerBatchId", n.created_at as "createdAt", n.provider, n.upstream_model as "upstreamModel",
    n.cancel_asked_at is not null as "isCancelled",
    (select t.base_model from target as t
      where t.org_id = n.org_id and t.credential_id = n.credential_id and t.upstream_model = n.upstream_model
        and t.base_model is not null
      order by t.id limit 1) as "baseModel"
  from next as n
  join credential as c on c.org_id = n.org_id and c.id = n.credential_id
  where not exists (
    select from proxy_task as t
    where t.org_id = n.org_id and t.credential_id = n.credential_id and t.kind = 'batch.poll' and t.done_at is null
      and t.wait_until > clock_timestamp() and (t.claims > 0 or t.begin_by > clock_timestamp()) and not t.outdated
      and t.input->>'batchId' = n.id::text)`;

const ASK = `
  insert into proxy_task (id, org_id, credential_id, kind, input, begin_by, wait_until, lease_ms)
  values ($1, $2, $3, 'batch.poll', $4, clock_timestamp() + $5 * interval '1 millisecond',
    clock_timestamp() + $6 * interval '1 millisecond', $7)`;

interface Due {
  /** Somebody has asked to cancel it. */
  isCancelled: boolean;
  batchId: string;
  orgId: string;
  credentialId: string;
  surface: TaskInput<"batch.poll">["surface"];
  providerBatchId: string;
  createdAt: Date;
  provider: string;
  upstreamModel: string;
  /** The model behind a name that is not one; null: the name is the model's. */
  baseModel: string | null;
}

/** Asks the proxies for the state of the open batches that are due. Returns their number. */
export const askPolls = (pool: Pool): Promise<number> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<Due>(DUE);
    for (const due of rows) await ask(client, due);
    return rows.length;
  });

async function ask(client: PoolClient, { orgId, credentialId, createdAt, isCancelled, ...batch }: Due): Promise<void> {
  const own = await readOwnPrices(client, orgId);
  const names = [batch.upstreamModel, batch.baseModel];
  const prices = own.filter(
    ({ provider, upstreamModel }) => provider === batch.provider && names.includes(upstreamModel),
  );
  const input: TaskInput<"batch.poll"> = {
    ...batch,
    atMs: createdAt.getTime(),
    prices: prices.slice(0, PRICES_MAX),
    // Proxies of earlier versions know no such field.
    ...(isCancelled && { isCancelled }),
  };
  const { beginMs, waitMs, leaseMs } = TASKS["batch.poll"];
  const id = uuidV7(Date.now());
  await client.query(ASK, [id, orgId, credentialId, JSON.stringify(input), beginMs, waitMs, leaseMs]);
}

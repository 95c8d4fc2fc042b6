import type { Uuid } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";

/** The columns of a run in the order of {@link runsOf}. */
export const RUN_COLUMNS = `org_id, session, first_at, last_at, key_id, member_id, end_user, model, status, error,
    requests, refused, errors, unpriced, input_tokens, output_tokens, cost_nano, counted_nano`;

/** The runs of events, rows of a table or view of them. */
export const runsOf = (events: string, where: string): string => `
  select org_id, session, min(at), max(at), (array_agg(key_id order by id))[1], (array_agg(member_id order by id))[1],
    (array_agg(end_user order by id))[1], (array_agg(model order by id desc))[1], (array_agg(status order by id desc))[1],
    (array_agg(error order by id desc))[1], count(*), count(*) filter (where outcome = 'refused'),
    count(*) filter (where status >= 400), count(*) filter (where cost_nano is null and outcome <> 'refused'),
    sum(input_tokens), sum(output_tokens), coalesce(sum(cost_nano), 0),
    coalesce(sum(coalesce(counted_nano, cost_nano, held_nano)) filter (where outcome <> 'refused'), 0)
  from ${events} where ${where} and session is not null
  group by org_id, session`;

/** In order of its key, so that two transactions with the same runs wait for each other and do not deadlock. */
const ADD = `
  insert into usage_run as r (${RUN_COLUMNS})
  ${runsOf("usage_event", "id = any($1::uuid[])")} order by org_id, session
  on conflict (org_id, session) do update set
    first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at),
    key_id = case when excluded.first_at < r.first_at then excluded.key_id else r.key_id end,
    member_id = case when excluded.first_at < r.first_at then excluded.member_id else r.member_id end,
    end_user = case when excluded.first_at < r.first_at then excluded.end_user else r.end_user end,
    model = case when excluded.last_at < r.last_at then r.model else excluded.model end,
    status = case when excluded.last_at < r.last_at then r.status else excluded.status end,
    error = case when excluded.last_at < r.last_at then r.error else excluded.error end,
    requests = r.requests + excluded.requests, refused = r.refused + excluded.refused,
    errors = r.errors + excluded.errors, unpriced = r.unpriced + excluded.unpriced,
    input_tokens = r.input_tokens + excluded.input_tokens, output_tokens = r.output_tokens + excluded.output_tokens,
    cost_nano = r.cost_nano + excluded.cost_nano, counted_nano = r.counted_nano + excluded.counted_nano`;

const CORRECT = `
  update usage_run as r set cost_nano = r.cost_nano + d.cost, counted_nano = greatest(r.counted_nano + d.counted, 0),
    unpriced = greatest(r.unpriced + d.unpriced, 0)
  from (
    select c.session, sum(c.cost) as cost, sum(c.counted) as counted, sum(c.unpriced) as unpriced
    from json_to_recordset($2) as c (session text, cost numeric, counted numeric, unpriced bigint)
    group by 1
  ) as d
  where r.org_id = $1 and r.session = d.session`;

/** Adds inserted events to the runs that they name. Call it before limit counters are added to: retention locks in this order. */
export async function addToRuns(client: PoolClient, events: readonly UsageEvent[]): Promise<void> {
  const ids = events.flatMap(({ id, session }) => (session === null ? [] : [id]));
  if (ids.length > 0) await client.query(ADD, [ids]);
}

/** The change of an event's cost, nano-USD. */
export interface RunDifference {
  session: string | null;
  cost: bigint;
  counted: bigint;
  unpriced: number;
}

/** Adds differences, which can be negative, to the runs of one organisation. The caller holds `lockOrg`. */
export async function correctRuns(
  client: PoolClient,
  orgId: Uuid,
  differences: readonly RunDifference[],
): Promise<void> {
  const rows = differences.flatMap(({ session, cost, counted, unpriced }) =>
    session === null ? [] : [{ session, cost: String(cost), counted: String(counted), unpriced }],
  );
  if (rows.length > 0) await client.query(CORRECT, [orgId, JSON.stringify(rows)]);
}

import { uuidFloor } from "@tollgate/contracts/ids";
import type { LimitUnit } from "@tollgate/contracts/limit";
import { type Sql, sql } from "@tollgate/db/query";
import { type Clock, type LimitRow, openWindow } from "../limits/present.ts";

/** Like `credentialUses` in @tollgate/limits: one row per attempt that was sent, or one for a request without attempts. */
const ATTEMPTS = sql`
  select coalesce(a->>'credentialId', e.credential_id) as subject,
    coalesce((a->>'countedNano')::numeric, (a->>'costNano')::numeric, 0) as usd, 1 as requests,
    coalesce((used->>'input')::bigint + (used->>'output')::bigint, 0) as tokens,
    (a->>'costNano' is null)::integer as unpriced
  from jsonb_array_elements(e.attempts) as a, coalesce(a->'tokens', a->'use') as used where a->'unsent' is null
  union all
  select e.credential_id, coalesce(e.counted_nano, e.cost_nano, e.held_nano, 0), 1, e.input_tokens::bigint + e.output_tokens,
    (e.cost_nano is null)::integer
  where jsonb_array_length(e.attempts) = 0`;

/** Like `onCredential` in `ledger/adjust.ts`: the whole difference counts at the credential that answered. */
const ADJUSTMENTS = sql`
  select e.credential_id, adjusted.cost - case when e.cost_nano is not null then 0
      when jsonb_array_length(e.attempts) = 0 then coalesce(e.held_nano, 0)
      else (select coalesce(sum((a->>'costNano')::numeric), 0) from jsonb_array_elements(e.attempts) as a) end, 0, 0,
    -case when e.cost_nano is null then greatest(1, (
      select count(*) from jsonb_array_elements(e.attempts) as a where a->>'costNano' is null)::integer) else 0 end
  from (
    select sum(cost_nano) as cost from usage_adjustment as a
    where a.org_id = e.org_id and a.event_id = e.id and a.reason <> 'late'
  ) as adjusted where adjusted.cost is not null`;

const COUNTED: Record<Exclude<LimitUnit, "concurrent">, Sql> = {
  usd: sql`greatest(sum(u.usd), 0)`,
  requests: sql`sum(u.requests)`,
  tokens: sql`sum(u.tokens)`,
};

/** Rows of `limit_counter` for the open window of a limit on credentials, computed from the attempts in the ledger. */
export function credentialCountersSql(
  row: Pick<LimitRow, "id" | "orgId" | "subject" | "window" | "anchor"> & { unit: Exclude<LimitUnit, "concurrent"> },
  clock: Clock,
): Sql {
  const { startMs, endMs } = openWindow(row, clock);
  const until = endMs === null ? sql`` : sql`and e.id < ${uuidFloor(endMs)}::uuid`;
  const one = row.subject === null ? sql`` : sql`and u.subject = ${row.subject}`;
  return sql`
    select e.org_id, ${row.id}::uuid as limit_id, u.subject, ${new Date(startMs)}::timestamptz as window_start,
      ${COUNTED[row.unit]}::numeric as settled, ${row.unit === "usd" ? sql`sum(u.unpriced)` : sql`0`}::bigint as unpriced
    from usage_event as e cross join lateral (${ATTEMPTS} union all ${ADJUSTMENTS}) as u
    where e.org_id = ${row.orgId}::uuid and e.id >= ${uuidFloor(startMs)}::uuid ${until}
      and e.outcome <> 'refused' and u.subject is not null ${one}
    group by 1, 3`;
}

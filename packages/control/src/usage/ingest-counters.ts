import type { Uuid } from "@tollgate/contracts/ids";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { Limit, LimitSubjects } from "@tollgate/contracts/limit";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { actualOf } from "@tollgate/limits/actual";
import { holdEntries } from "@tollgate/limits/decide";

interface OrgLimits {
  timeZone: string;
  limits: Limit[];
}

interface CounterRow {
  org_id: Uuid;
  limit_id: Uuid;
  subject: string;
  window_start: string;
  settled: bigint;
}

const READ_LIMITS = `
  select o.id as "orgId", o.time_zone as "timeZone", coalesce(jsonb_agg(jsonb_build_object(
    'id', l.id, 'scope', l.scope, 'subject', l.subject, 'unit', l.unit, 'window', l."window",
    'anchorMs', (extract(epoch from l.anchor) * 1000)::bigint
  ) order by l.id) filter (where l.id is not null), '[]') as limits
  from organisation as o left join spend_limit as l on l.org_id = o.id
  where o.id = any($1::uuid[])
  group by o.id`;

const ADD = `
  insert into limit_counter (org_id, limit_id, subject, window_start, settled)
  select * from json_to_recordset($1) as c (org_id uuid, limit_id uuid, subject text, window_start timestamptz, settled numeric)
  order by org_id, limit_id, subject, window_start
  on conflict (org_id, limit_id, subject, window_start) do update
  set settled = limit_counter.settled + excluded.settled`;

/** What counting needs of a limit; what only a door needs is left out of the query. */
function limitOf(stored: Pick<Limit, "id" | "scope" | "subject" | "unit" | "window" | "anchorMs">): Limit {
  return {
    ...stored,
    subjectName: null,
    amount: 0n,
    increases: [],
    mode: "shadow",
    thresholds: [],
    onStoreDown: "allow",
  };
}

async function readLimits(client: PoolClient, orgIds: readonly Uuid[]): Promise<Map<Uuid, OrgLimits>> {
  const { rows } = await client.query(READ_LIMITS, [orgIds]);
  return new Map(rows.map(({ orgId, timeZone, limits }) => [orgId, { timeZone, limits: limits.map(limitOf) }]));
}

export const subjectsOf = (event: UsageEvent): LimitSubjects => ({
  orgId: event.orgId,
  teamId: event.teamId,
  memberId: event.memberId,
  keyId: event.keyId,
  modelId: event.modelId,
  tags: Object.entries(event.tags).map(([name, value]) => `${name}=${value}`),
  customer: event.customer,
});

/** What events add to each counter of their organisations' limits: those a proxy held for them. */
function countersOf(events: readonly UsageEvent[], limits: ReadonlyMap<Uuid, OrgLimits>): CounterRow[] {
  const counters = new Map<string, CounterRow>();
  for (const event of events) {
    const org = limits.get(event.orgId);
    const actual = actualOf(event);
    if (!org || !actual || org.limits.length === 0) continue;
    const entries = holdEntries(org.limits, {
      subjects: subjectsOf(event),
      atMs: uuidTimeMs(event.id),
      timeZone: org.timeZone,
      amounts: { usd: actual.usd ?? 0n, tokens: actual.tokens },
    });
    for (const { counter, limit, subject, startMs, unit, amount } of entries) {
      if (unit === "concurrent") continue;
      const known = counters.get(counter);
      if (known) known.settled += amount;
      else
        counters.set(counter, {
          org_id: event.orgId,
          limit_id: limit.id,
          subject,
          window_start: new Date(startMs).toISOString(),
          settled: amount,
        });
    }
  }
  return [...counters.values()];
}

/** Adds events to their limits' counters. The organisations' advisory locks must be held, shared. */
export async function addToCounters(client: PoolClient, events: readonly UsageEvent[]): Promise<void> {
  const limits = await readLimits(client, [...new Set(events.map(({ orgId }) => orgId))]);
  const counters = countersOf(events, limits);
  if (counters.length === 0) return;
  await client.query(ADD, [JSON.stringify(counters.map((row) => ({ ...row, settled: row.settled.toString() })))]);
}

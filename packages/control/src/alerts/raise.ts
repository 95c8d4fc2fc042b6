import { NIL_UUID, type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import type { Pool, PoolClient } from "@tollgate/db/pool";
import type { AlertEvent, FactsOf } from "./facts.ts";
import { storedFacts, storedKind } from "./stored-facts.ts";

/** The identity of an alert. Two alerts with the same identity are sent once. */
export interface Raised<K extends AlertEvent = AlertEvent> {
  orgId: Uuid;
  /** Absent if the alert has no limit. */
  limitId?: Uuid;
  subject?: string;
  threshold?: number;
  windowStart: Date;
  facts: FactsOf<K>;
}

/** An alert of a limit in shadow mode is only recorded. The unique key decides which process raises it; only that one creates deliveries. */
const RAISE = `
  with raised as (
    insert into alert (id, org_id, kind, limit_id, subject, threshold, window_start, facts)
    select * from json_to_recordset($1) as a (
      id uuid, org_id uuid, kind text, limit_id uuid, subject text, threshold integer, window_start timestamptz, facts jsonb
    )
    order by org_id, kind, limit_id, subject, threshold, window_start
    on conflict (org_id, kind, limit_id, subject, threshold, window_start) do nothing
    returning id, org_id, kind, facts
  ), delivered as (
    insert into alert_delivery (id, org_id, alert_id, channel_id)
    select gen_random_uuid(), r.org_id, r.id, c.id
    from raised as r join channel as c on c.org_id = r.org_id and r.kind = any (c.events)
    where c.deleted_at is null and r.facts->>'mode' is distinct from 'shadow'
  )
  select count(*)::integer as raised from raised`;

/** Writes new alerts and their deliveries in the transaction of `on`. Returns the number of new alerts. */
export async function raise(on: Pool | PoolClient, alerts: readonly Raised[]): Promise<number> {
  if (alerts.length === 0) return 0;
  const rows = alerts.map(({ orgId, limitId = NIL_UUID, subject = "", threshold = 0, windowStart, facts }) => ({
    id: uuidV7(Date.now()),
    org_id: orgId,
    kind: storedKind(facts.kind),
    limit_id: limitId,
    subject,
    threshold,
    window_start: windowStart,
    facts: storedFacts(facts),
  }));
  const { rows: counted } = await on.query<{ raised: number }>(RAISE, [JSON.stringify(rows)]);
  return counted[0]?.raised ?? 0;
}

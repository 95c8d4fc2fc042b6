import type { Uuid } from "@tollgate/contracts/ids";
import type { Limit } from "@tollgate/contracts/limit";
import type { Pool, PoolClient } from "@tollgate/db/pool";
import { amountText } from "../limits/amount.ts";
import { raise } from "./raise.ts";

/** A counter that has reached a percentage of its limit, or whose limit has refused a call. */
export interface Crossing extends Pick<Limit, "scope" | "unit" | "window" | "mode"> {
  orgId: Uuid;
  limitId: Uuid;
  subject: string;
  threshold: number;
  /** nano-USD or a count. */
  cap: bigint;
  settled: bigint;
  startMs: number;
  /** Null with window total. */
  endMs: number | null;
  /** When the limit refused a call; null if no call was refused. */
  refusedAtMs: number | null;
}

const NAMES = `
  select s.place, coalesce(case s.scope
    when 'team' then (select t.name from team as t where t.org_id = s.org_id and t.id::text = s.subject)
    when 'member' then (
      select u.name from membership as m join app_user as u on u.id = m.user_id
      where m.org_id = s.org_id and m.id::text = s.subject
    )
    when 'key' then (select k.name from virtual_key as k where k.org_id = s.org_id and k.id::text = s.subject)
    when 'model' then (select m.name from model as m where m.org_id = s.org_id and m.id::text = s.subject)
    when 'credential' then (select c.name from credential as c where c.org_id = s.org_id and c.id::text = s.subject)
  end, s.subject) as name
  from json_to_recordset($1) as s (place integer, org_id uuid, scope text, subject text)`;

/** The name of each subject, by its index in the list. */
async function namesOf(on: Pool | PoolClient, crossings: readonly Crossing[]): Promise<Map<number, string>> {
  const asked = crossings.map(({ orgId, scope, subject }, place) => ({ place, org_id: orgId, scope, subject }));
  const { rows } = await on.query<{ place: number; name: string }>(NAMES, [JSON.stringify(asked)]);
  return new Map(rows.map(({ place, name }) => [place, name]));
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Raises an alert for each crossing that has none in its window yet. Returns the number of new alerts. */
export async function raiseThresholds(on: Pool | PoolClient, crossings: readonly Crossing[]): Promise<number> {
  if (crossings.length === 0) return 0;
  const names = await namesOf(on, crossings);
  const alerts = crossings.map(({ orgId, cap, settled, startMs, endMs, refusedAtMs, ...limit }, place) => ({
    orgId,
    limitId: limit.limitId,
    subject: limit.subject,
    threshold: limit.threshold,
    windowStart: new Date(startMs),
    facts: {
      kind: "threshold" as const,
      ...limit,
      subjectName: names.get(place) ?? limit.subject,
      amount: amountText(limit.unit, cap),
      spent: amountText(limit.unit, settled),
      windowStart: new Date(startMs).toISOString(),
      resetsAt: isoOf(endMs),
      refusedAt: isoOf(refusedAtMs),
    },
  }));
  return raise(on, alerts);
}

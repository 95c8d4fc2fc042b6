import type { Uuid } from "@tollgate/contracts/ids";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { Limit, LimitSubjects } from "@tollgate/contracts/limit";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { actualOf } from "@tollgate/limits/actual";
import { credentialUses } from "@tollgate/limits/credential-use";
import { holdEntries } from "@tollgate/limits/decide";
import { subjectsOfAttempt, subjectsOfRecord } from "@tollgate/policy/limit-subjects";
import { crossingsOf } from "../alerts/crossings-of.ts";
import { raiseThresholds } from "../alerts/raise-thresholds.ts";
import { atTheirEnd, type OrgLimits, refusedOf } from "../alerts/refused.ts";
import { STANDING_INCREASES, type StoredCap, storedCapAt } from "../limits/stored-cap.ts";
import type { Counter, KeptCounter } from "./counter.ts";

const READ_LIMITS = `
  select o.id as "orgId", o.time_zone as "timeZone", o.former_zones as "formerZones",
    (extract(epoch from now()) * 1000)::double precision as "nowMs",
    coalesce(json_agg(json_build_object(
    'id', l.id, 'scope', l.scope, 'subject', l.subject, 'unit', l.unit, 'window', l."window",
    'anchorMs', (extract(epoch from l.anchor) * 1000)::bigint, 'mode', l.mode, 'thresholds', l.thresholds,
    'amount', l.amount::text, 'increases', ${STANDING_INCREASES}
  ) order by l.id) filter (where l.id is not null), '[]') as limits
  from organisation as o left join usage_limit as l on l.org_id = o.id
  where o.id = any($1::uuid[])
  group by o.id`;

const ROWS =
  "json_to_recordset($1) as c (org_id uuid, limit_id uuid, subject text, window_start timestamptz, settled numeric, unpriced bigint)";

const ADD = `
  insert into limit_counter (org_id, limit_id, subject, window_start, settled, unpriced)
  select * from ${ROWS}
  order by org_id, limit_id, subject, window_start
  on conflict (org_id, limit_id, subject, window_start) do update
  set settled = limit_counter.settled + excluded.settled, unpriced = limit_counter.unpriced + excluded.unpriced
  returning limit_id, subject, window_start, settled`;

const CORRECT = `
  update limit_counter as kept
  set settled = greatest(kept.settled + c.settled, 0), unpriced = greatest(kept.unpriced + c.unpriced, 0) from ${ROWS}
  where kept.org_id = c.org_id and kept.limit_id = c.limit_id and kept.subject = c.subject
    and kept.window_start = c.window_start`;

type StoredLimit = Pick<Limit, "id" | "scope" | "subject" | "unit" | "window" | "anchorMs" | "mode" | "thresholds"> &
  StoredCap;

/** What counting needs of a limit; the query leaves out what only admission needs. Its amount is the cap at `nowMs`. */
const limitOf = ({ amount, increases, ...stored }: StoredLimit, nowMs: number): Limit => ({
  ...stored,
  subjectName: null,
  amount: storedCapAt({ amount, increases }, nowMs),
  increases: [],
  onStoreDown: "allow",
});

async function readLimits(client: PoolClient, orgIds: readonly Uuid[]): Promise<Map<Uuid, OrgLimits>> {
  const { rows } = await client.query(READ_LIMITS, [orgIds]);
  return new Map(
    rows.map(({ orgId, nowMs, limits, ...zones }) => [
      orgId,
      { ...zones, limits: limits.map((limit: StoredLimit) => limitOf(limit, nowMs)) },
    ]),
  );
}

/** What was used of one organisation's limits at one instant. */
export interface Use {
  orgId: Uuid;
  subjects: LimitSubjects;
  atMs: number;
  amounts: { usd: bigint; tokens: bigint };
  /** Requests whose price is unknown; counted for dollar limits. */
  unpriced: number;
}

/** Empty when the event counts against no limit. */
function usesOf(event: UsageEvent): Use[] {
  const actual = actualOf(event);
  if (!actual) return [];
  const amounts = { usd: actual.usd ?? 0n, tokens: actual.tokens };
  const unpriced = event.costNano === null ? 1 : 0;
  const { orgId } = event;
  const [subjects, atMs] = [subjectsOfRecord(event), uuidTimeMs(event.id)];
  const whole = { orgId, subjects, atMs, amounts, unpriced };
  const attempts = credentialUses(event).map(({ credentialId, ...use }) => ({
    ...use,
    orgId,
    subjects: subjectsOfAttempt(subjects, credentialId),
    atMs,
  }));
  return [whole, ...attempts];
}

/** The amounts that uses add to each counter: the same counters on which a proxy holds. */
function countersOf(uses: readonly Use[], limits: ReadonlyMap<Uuid, OrgLimits>): Counter[] {
  const counters = new Map<string, Counter>();
  for (const { orgId, unpriced, ...use } of uses) {
    const org = limits.get(orgId);
    if (!org || org.limits.length === 0) continue;
    const entries = holdEntries(org.limits, { ...use, zones: org });
    for (const { counter, limit, subject, startMs, resetsAtMs: endMs, unit, amount } of entries) {
      if (unit === "concurrent") continue;
      const added = counters.get(counter) ?? { orgId, limit, subject, startMs, endMs, amount: 0n, unpriced: 0 };
      added.amount += amount;
      if (unit === "usd") added.unpriced += unpriced;
      counters.set(counter, added);
    }
  }
  return [...counters.values()];
}

async function write(client: PoolClient, text: string, counters: readonly Counter[]): Promise<KeptCounter[]> {
  if (counters.length === 0) return [];
  const rows = counters.map(({ orgId, limit, subject, startMs, amount, unpriced }) => ({
    org_id: orgId,
    limit_id: limit.id,
    subject,
    window_start: new Date(startMs).toISOString(),
    settled: amount.toString(),
    unpriced,
  }));
  return (await client.query<KeptCounter>(text, [JSON.stringify(rows)])).rows;
}

/**
 * Adds events to the counters of their limits. Raises an alert for each threshold they cross and for each limit that
 * refused a call. The caller holds the organisations' advisory locks, shared.
 */
export async function addToCounters(client: PoolClient, events: readonly UsageEvent[]): Promise<void> {
  const limits = await readLimits(client, [...new Set(events.map(({ orgId }) => orgId))]);
  const counters = countersOf(events.flatMap(usesOf), limits);
  const kept = await write(client, ADD, counters);
  await raiseThresholds(client, crossingsOf(counters, kept));
  const refused = events.flatMap((event) => refusedOf(event, subjectsOfRecord(event), limits.get(event.orgId)));
  await raiseThresholds(client, await atTheirEnd(client, refused));
}

/** After the commit, proxies read the new revision and rebuild their own counters from the stored ones. */
export async function increaseCountersRevision(client: PoolClient, orgId: Uuid): Promise<void> {
  await client.query("update organisation set counters_revision = counters_revision + 1 where id = $1", [orgId]);
}

/**
 * Adds differences, which can be negative, to the counters of one organisation's dollar limits. A window without a
 * counter is left out: there is nothing to correct. The caller holds `lockOrg`.
 */
export async function correctCounters(client: PoolClient, orgId: Uuid, differences: readonly Use[]): Promise<void> {
  const [[, known] = []] = await readLimits(client, [orgId]);
  const inDollars = known?.limits.filter(({ unit }) => unit === "usd") ?? [];
  if (!known || inDollars.length === 0) return;
  await write(client, CORRECT, countersOf(differences, new Map([[orgId, { ...known, limits: inDollars }]])));
}

import { hash } from "node:crypto";
import { perUnits, UNITS, type Units } from "@tollgate/catalog/units";
import { type Uuid, uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { isDirect, type Pool, type PoolClient } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { CheckedBatch } from "@tollgate/vault/event-mac";
import { raiseSpoolLost } from "../alerts/raise-spool-lost.ts";
import { inTransaction, isBadData } from "../in-transaction.ts";
import { orgLockKey } from "../org-lock.ts";
import { VALUES_MAX } from "../rollups/attribution-kinds.ts";
import { eventLines } from "../rollups/lines-sql.ts";
import { addToRollUps } from "../rollups/roll-up-sql.ts";
import { correctLostEvents } from "./correct-lost-events.ts";
import { addToCounters } from "./ingest-counters.ts";
import { advanceCursor } from "./ingest-cursor.ts";
import { readEvent } from "./ingest-event.ts";
import { eventColumns, eventSql } from "./ingest-row.ts";
import { addToRuns } from "./ingest-runs.ts";
import { registerValues } from "./register-values.ts";
import { splitExpired } from "./split-expired.ts";

export interface Ingested {
  /** Events that are new in the ledger. The other valid events of the batch were already there. */
  inserted: number;
  /** Events that the ledger cannot store; they are kept in quarantine. */
  quarantined: number;
  /** Events whose MAC is missing or wrong. */
  unproven: number;
  /** Events without a valid MAC that are already in the ledger; they do not go to quarantine. */
  repeated: number;
  /** Events that left the quarantine because they came again with a valid MAC. */
  released: number;
  /** The spool can delete the batch. */
  acknowledged: boolean;
}

export interface IngestOptions {
  units?: Units;
  /** The installation's setting `TOLLGATE_ATTRIBUTION_VALUES`. */
  valuesMax?: number;
}

interface Rejected {
  text: string;
  reason: string;
}

interface Unproven extends Rejected {
  /** Null: the text is not a valid event. */
  id: Uuid | null;
}

/**
 * Adds to the roll-ups in the same statement, from the rows that were really inserted, so nothing counts twice. An event
 * that arrives after its month was closed counts in the open month and gets an adjustment with reason `late`.
 */
const insertSql = perUnits((units) => {
  const { names, rows, count } = eventSql(units);
  const now = `$${count + 1}::timestamptz`;
  return `
  with inserted as (
    insert into usage_event (${names})
    select ${names} from ${rows} as e
    order by id
    on conflict do nothing
    returning *
  ), closed as (
    select org_id, max(until) as until from closed_month
    where org_id in (select org_id from inserted) group by org_id
  ), booked as (
    select i.*, i.at < c.until as late, case when i.at < c.until then greatest(c.until, ${now}) else i.at end as booked_at
    from inserted as i left join closed as c on c.org_id = i.org_id
  ), late as (
    insert into usage_adjustment (id, org_id, event_id, reason, booked_at, closed_month, cost_nano)
    select gen_random_uuid(), b.org_id, b.id, 'late', b.booked_at, coalesce(m.month, to_char(b.at, 'YYYY-MM')),
      coalesce(b.cost_nano, 0)
    from booked as b
    left join closed_month as m on m.org_id = b.org_id and m.since <= b.at and b.at < m.until
    where b.late
  ), lines as (${eventLines("booked as e", "e.booked_at", units)}
  ), ${addToRollUps(units)}
  select id from inserted`;
});

/** Skips rows that another transaction has locked, so `last_used_at` can be some seconds old. */
const TOUCH_KEYS = `
  with stale as (
    select k.id, u.at from virtual_key as k
    join json_to_recordset($1) as u (key_id uuid, at timestamptz) on u.key_id = k.id
    where k.last_used_at is null or k.last_used_at < u.at - interval '5 seconds'
    order by k.id for no key update of k skip locked
  )
  update virtual_key as k set last_used_at = stale.at from stale where k.id = stale.id`;

const QUARANTINE = `
  insert into usage_quarantine (id, spool_id, event, reason)
  select md5(q.text)::uuid, $1, q.text, q.reason from json_to_recordset($2) as q (text text, reason text)
  on conflict do nothing`;

const BOOKED = "select id from usage_event where id = any($1::uuid[])";

const IS_ANY_KEPT = "select from usage_quarantine limit 1";

const RELEASE = "delete from usage_quarantine where id = any($1::uuid[])";

const latestPerKey = (events: readonly UsageEvent[]): { key_id: Uuid; at: Date }[] => {
  const latest = new Map<Uuid, number>();
  for (const { id, keyId } of events) latest.set(keyId, Math.max(latest.get(keyId) ?? 0, uuidTimeMs(id)));
  return [...latest].map(([key_id, at]) => ({ key_id, at: new Date(at) }));
};

/** Leaves out events that are already in the ledger: a proxy has sent them again with MACs, and the old job came later. */
async function withoutBooked(client: PoolClient, unproven: readonly Unproven[]): Promise<readonly Unproven[]> {
  const ids = unproven.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return unproven;
  const { rows } = await client.query<{ id: Uuid }>(BOOKED, [ids]);
  const booked = new Set(rows.map(({ id }) => id));
  return unproven.filter(({ id }) => id === null || !booked.has(id));
}

/** Deletes events from the quarantine that are recorded now. It is empty nearly always, so it is looked at first. */
async function release(client: PoolClient, texts: readonly string[]): Promise<number> {
  const kept = await client.query(IS_ANY_KEPT);
  if (kept.rowCount === 0) return 0;
  return (await client.query(RELEASE, [texts.map((text) => hash("md5", text))])).rowCount ?? 0;
}

async function prepare(client: PoolClient, events: readonly UsageEvent[], valuesMax: number): Promise<void> {
  const days = [...new Set(events.map(({ id }) => new Date(uuidTimeMs(id)).toISOString().slice(0, 10)))].sort();
  const locks = [...new Set(events.map(({ orgId }) => orgLockKey(orgId)))].sort((a, b) => (a < b ? -1 : 1));
  await client.query("select ensure_usage_partition(day) from unnest($1::date[]) as day", [days]);
  await client.query("select pg_advisory_xact_lock_shared(key) from unnest($1::bigint[]) as key", [locks.map(String)]);
  // Before any roll-up is written, so that two transactions cannot deadlock.
  await registerValues(client, events, valuesMax);
}

async function add(client: PoolClient, events: readonly UsageEvent[], units: Units): Promise<number> {
  const values = [...eventColumns(events, units), new Date()];
  // A named statement is planned once per session; planning is a tenth of its cost.
  const name = isDirect(client) && units === UNITS ? { name: "ingest" } : {};
  const { rows } = await client.query<{ id: Uuid }>({ ...name, text: insertSql(units), values });
  const ids = new Set(rows.map(({ id }) => id));
  // An id that is twice in the batch is inserted once, so its second event counts as a repetition.
  const [inserted, again] = [[] as UsageEvent[], [] as UsageEvent[]];
  for (const event of events) (ids.delete(event.id) ? inserted : again).push(event);
  if (again.length > 0) await correctLostEvents(client, again, Date.now());
  if (inserted.length > 0) {
    await addToRuns(client, inserted);
    await addToCounters(client, inserted);
    await raiseSpoolLost(client, inserted);
    await client.query(TOUCH_KEYS, [JSON.stringify(latestPerKey(inserted))]);
  }
  return inserted.length;
}

/** Splits a batch that Postgres refuses in halves until the bad event is alone, and rejects that event. */
async function addAround(
  client: PoolClient,
  events: readonly UsageEvent[],
  rejected: Rejected[],
  units: Units,
): Promise<number> {
  if (events.length === 0) return 0;
  await client.query("savepoint part");
  try {
    const inserted = await add(client, events, units);
    await client.query("release savepoint part");
    return inserted;
  } catch (error) {
    if (!isBadData(error)) throw error;
    await client.query("rollback to savepoint part");
    if (events.length === 1) {
      rejected.push({ text: JSON.stringify(events[0]), reason: error.message });
      return 0;
    }
    const half = events.length >> 1;
    const first = await addAround(client, events.slice(0, half), rejected, units);
    return first + (await addAround(client, events.slice(half), rejected, units));
  }
}

export const UNPROVEN = "its MAC is missing or wrong";
const EXPIRED = "requests of its day are deleted: its retention is over";

/**
 * Adds one batch of a spool to the ledger in one transaction: events, roll-ups, limit counters and the spool's cursor.
 * Idempotent: events have ids, and ranges may come twice and in any order. Throws when Postgres is not available. An event
 * without a valid MAC goes to quarantine and its range is not acknowledged, so the spool sends it again. When it comes with
 * a valid MAC, it is added to the ledger and leaves the quarantine.
 */
export async function ingestUsage(
  pool: Pool,
  batch: JobPayload<"usage.ingest">,
  { proven, unproven, isWhole }: CheckedBatch,
  { units = UNITS, valuesMax = VALUES_MAX }: IngestOptions = {},
): Promise<Ingested> {
  const nowMs = Date.now();
  const recent: UsageEvent[] = [];
  const readable: string[] = [];
  const unreadable: Rejected[] = [];
  const forged = unproven.map((text): Unproven => {
    const read = readEvent(text, nowMs);
    // A text column cannot store NUL or half a surrogate pair.
    const kept = text.replaceAll("\0", "").toWellFormed();
    return { id: "event" in read ? read.event.id : null, text: kept, reason: UNPROVEN };
  });
  for (const text of proven) {
    const read = readEvent(text, nowMs);
    if ("event" in read) {
      recent.push(read.event);
      readable.push(text);
    } else unreadable.push({ text, reason: read.rejected });
  }
  const { current: events, expired } = await splitExpired(pool, recent, nowMs);
  unreadable.push(...expired.map((event) => ({ text: JSON.stringify(event), reason: EXPIRED })));

  const run = (around: boolean): Promise<Ingested> =>
    inTransaction(pool, async (client) => {
      const kept = await withoutBooked(client, forged);
      const rejected: Rejected[] = [...kept, ...unreadable];
      let inserted = 0;
      let released = 0;
      if (events.length > 0) {
        await prepare(client, events, valuesMax);
        inserted = around ? await addAround(client, events, rejected, units) : await add(client, events, units);
        released = await release(client, readable);
      }
      if (rejected.length > 0) await client.query(QUARANTINE, [batch.spoolId, JSON.stringify(rejected)]);
      if (isWhole) await advanceCursor(client, batch.spoolId, batch.from, batch.to);
      const repeated = forged.length - kept.length;
      const quarantined = rejected.length;
      return { inserted, quarantined, unproven: forged.length, repeated, released, acknowledged: isWhole };
    });

  try {
    return await run(false);
  } catch (error) {
    if (!isBadData(error)) throw error;
    return run(true);
  }
}

import { hash } from "node:crypto";
import { type Uuid, uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { isDirect, type Pool, type PoolClient } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { CheckedBatch } from "@tollgate/vault/event-mac";
import { raiseSpoolLost } from "../alerts/raise-spool-lost.ts";
import { inTransaction, isBadData } from "../in-transaction.ts";
import { orgLockKey } from "../org-lock.ts";
import { eventLines } from "../rollups/lines-sql.ts";
import { addToRollUp, ROLL_UPS } from "../rollups/roll-up-sql.ts";
import { correctFound } from "./correct-lost-events.ts";
import { addToCounters } from "./ingest-counters.ts";
import { advanceCursor } from "./ingest-cursor.ts";
import { readEvent } from "./ingest-event.ts";
import { EVENT_COLUMNS, EVENT_ROWS, eventColumns } from "./ingest-row.ts";

export interface Ingested {
  /** Events new to the ledger; the others of the batch were there already. */
  inserted: number;
  /** Events that cannot be kept in the ledger, kept apart. */
  quarantined: number;
  /** Events whose MAC is missing or wrong. */
  unproven: number;
  /** Of those without a valid MAC, the ones that the ledger has already; they are not kept apart. */
  repeated: number;
  /** Events that left the quarantine, because they came again with a MAC. */
  released: number;
  /** The spool may forget the batch. */
  acknowledged: boolean;
}

interface Rejected {
  text: string;
  reason: string;
}

interface Unproven extends Rejected {
  /** Null: it cannot be read. */
  id: Uuid | null;
}

const columns = Object.keys(EVENT_COLUMNS).join(", ");

const NOW = `$${Object.keys(EVENT_COLUMNS).length + 1}::timestamptz`;

/**
 * Roll-ups come from the rows really inserted, in one statement with them: nothing is counted twice. What comes too late
 * for its month is booked in the open one, and an adjustment says so.
 */
const INSERT = `
  with inserted as (
    insert into usage_event (${columns})
    select ${columns} from ${EVENT_ROWS} as e
    order by id
    on conflict do nothing
    returning *
  ), closed as (
    select org_id, max(until) as until from closed_month
    where org_id in (select org_id from inserted) group by org_id
  ), booked as (
    select i.*, i.at < c.until as late, case when i.at < c.until then greatest(c.until, ${NOW}) else i.at end as booked_at
    from inserted as i left join closed as c on c.org_id = i.org_id
  ), late as (
    insert into usage_adjustment (id, org_id, event_id, reason, booked_at, closed_month, cost_nano)
    select gen_random_uuid(), b.org_id, b.id, 'late', b.booked_at, coalesce(m.month, to_char(b.at, 'YYYY-MM')),
      coalesce(b.cost_nano, 0)
    from booked as b
    left join closed_month as m on m.org_id = b.org_id and m.since <= b.at and b.at < m.until
    where b.late
  ), lines as (${eventLines("booked as e", "e.booked_at")}
  ), ${ROLL_UPS.map((rollUp) => `added_to_${rollUp.table} as (${addToRollUp(rollUp, "lines")})`).join(", ")}
  select id from inserted`;

/** Rows another transaction works on are passed over: when a key was last used may be some seconds out. */
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

const RELEASE = "delete from usage_quarantine where id = any($1::uuid[])";

const latestPerKey = (events: readonly UsageEvent[]): { key_id: Uuid; at: Date }[] => {
  const latest = new Map<Uuid, number>();
  for (const { id, keyId } of events) latest.set(keyId, Math.max(latest.get(keyId) ?? 0, uuidTimeMs(id)));
  return [...latest].map(([key_id, at]) => ({ key_id, at: new Date(at) }));
};

/** Those without the events that the ledger has: left in the queue by a proxy that has sent them again with MACs. */
async function withoutBooked(client: PoolClient, unproven: readonly Unproven[]): Promise<readonly Unproven[]> {
  const ids = unproven.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return unproven;
  const { rows } = await client.query<{ id: Uuid }>(BOOKED, [ids]);
  const booked = new Set(rows.map(({ id }) => id));
  return unproven.filter(({ id }) => id === null || !booked.has(id));
}

async function prepare(client: PoolClient, events: readonly UsageEvent[]): Promise<void> {
  const days = [...new Set(events.map(({ id }) => new Date(uuidTimeMs(id)).toISOString().slice(0, 10)))].sort();
  const locks = [...new Set(events.map(({ orgId }) => orgLockKey(orgId)))].sort((a, b) => (a < b ? -1 : 1));
  await client.query("select ensure_usage_partition(day) from unnest($1::date[]) as day", [days]);
  await client.query("select pg_advisory_xact_lock_shared(key) from unnest($1::bigint[]) as key", [locks.map(String)]);
}

async function add(client: PoolClient, events: readonly UsageEvent[]): Promise<number> {
  const values = [...eventColumns(events), new Date()];
  // Planned once per session: planning takes a tenth of what the statement costs.
  const name = isDirect(client) ? { name: "ingest" } : {};
  const { rows } = await client.query<{ id: Uuid }>({ ...name, text: INSERT, values });
  const ids = new Set(rows.map(({ id }) => id));
  // An id twice in one batch is inserted once: take each out of the set as it is met.
  const [inserted, again] = [[] as UsageEvent[], [] as UsageEvent[]];
  for (const event of events) (ids.delete(event.id) ? inserted : again).push(event);
  if (again.length > 0) await correctFound(client, again, Date.now());
  if (inserted.length > 0) {
    await addToCounters(client, inserted);
    await raiseSpoolLost(client, inserted);
    await client.query(TOUCH_KEYS, [JSON.stringify(latestPerKey(inserted))]);
  }
  return inserted.length;
}

/** Halves what Postgres does not take until the bad one stands alone. */
async function addAround(client: PoolClient, events: readonly UsageEvent[], rejected: Rejected[]): Promise<number> {
  if (events.length === 0) return 0;
  await client.query("savepoint part");
  try {
    const inserted = await add(client, events);
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
    const first = await addAround(client, events.slice(0, half), rejected);
    return first + (await addAround(client, events.slice(half), rejected));
  }
}

const UNPROVEN = "its MAC is missing or wrong";

/**
 * Takes one batch of a spool into the ledger: events, roll-ups, limit counters and the spool's cursor, all or none.
 * Idempotent: events are known by their ids, ranges may come twice and out of order. Throws when Postgres cannot now.
 * What is not proven is never booked, and its range is not acknowledged: a spool that holds it sends it again. Once it
 * comes with a MAC, it is booked and leaves the quarantine.
 */
export async function ingestUsage(
  pool: Pool,
  batch: JobPayload<"usage.ingest">,
  { proven, unproven, isWhole }: CheckedBatch,
): Promise<Ingested> {
  const nowMs = Date.now();
  const events: UsageEvent[] = [];
  const readable: string[] = [];
  const unreadable: Rejected[] = [];
  const forged = unproven.map((text): Unproven => {
    const read = readEvent(text, nowMs);
    // As a column of text can hold it.
    const kept = text.replaceAll("\0", "").toWellFormed();
    return { id: "event" in read ? read.event.id : null, text: kept, reason: UNPROVEN };
  });
  for (const text of proven) {
    const read = readEvent(text, nowMs);
    if ("event" in read) {
      events.push(read.event);
      readable.push(text);
    } else unreadable.push({ text, reason: read.rejected });
  }

  const run = (around: boolean): Promise<Ingested> =>
    inTransaction(pool, async (client) => {
      const kept = await withoutBooked(client, forged);
      const rejected: Rejected[] = [...kept, ...unreadable];
      let inserted = 0;
      let released = 0;
      if (events.length > 0) {
        await prepare(client, events);
        inserted = around ? await addAround(client, events, rejected) : await add(client, events);
        released = (await client.query(RELEASE, [readable.map((text) => hash("md5", text))])).rowCount ?? 0;
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

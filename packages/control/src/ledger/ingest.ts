import { perUnits, UNITS, type Units } from "@tollgate/catalog/units";
import { type Uuid, uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { isDirect, type Pool, type PoolClient } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { CheckedBatch } from "@tollgate/vault/event-mac";
import { raiseSpoolLost } from "../alerts/raise-spool-lost.ts";
import { openBatches } from "../batches/open-batches.ts";
import { inTransaction, isBadData } from "../in-transaction.ts";
import { orgLockKey } from "../org-lock.ts";
import { VALUES_MAX } from "../rollups/attribution-kinds.ts";
import { eventLines, lineColumns } from "../rollups/lines-sql.ts";
import { addToRollUps } from "../rollups/roll-up-sql.ts";
import { correctLostEvents } from "./correct-lost-events.ts";
import { addToCounters } from "./ingest-counters.ts";
import { advanceCursors } from "./ingest-cursor.ts";
import { quarantine, release, withoutBooked } from "./ingest-quarantine.ts";
import { eventColumns, eventSql } from "./ingest-row.ts";
import { addToRuns } from "./ingest-runs.ts";
import { type ReadBatch, type Rejected, readBatch, type Unproven } from "./read-batch.ts";
import { registerValues } from "./register-values.ts";

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

/**
 * Adds to the roll-ups in the same statement, from the rows that were really inserted, so nothing counts twice. An event
 * that arrives after its month was closed counts in the open month and gets an adjustment with reason `late`.
 */
const insertSql = perUnits((units) => {
  const { names, rows, count } = eventSql(units);
  const bookedLate = `greatest(c.until, $${count + 1}::timestamptz)`;
  return `
  with inserted as (
    insert into usage_event (${names})
    select ${names} from ${rows} as e
    on conflict do nothing
    returning id, ${lineColumns(units).join(", ")}
  ), closed as (
    select org_id, max(until) as until from closed_month
    where org_id in (select org_id from inserted) group by org_id
  ), late as (
    insert into usage_adjustment (id, org_id, event_id, reason, booked_at, closed_month, cost_nano)
    select gen_random_uuid(), i.org_id, i.id, 'late', ${bookedLate}, coalesce(m.month, to_char(i.at, 'YYYY-MM')),
      coalesce(i.cost_nano, 0)
    from inserted as i join closed as c on c.org_id = i.org_id and i.at < c.until
    left join closed_month as m on m.org_id = i.org_id and m.since <= i.at and i.at < m.until
  ), lines as (${eventLines(
    "inserted as e left join closed as c on c.org_id = e.org_id and e.at < c.until",
    `case when c.until is null then e.at else ${bookedLate} end`,
    units,
  )}
  ), ${addToRollUps(units)}
  select id from inserted`;
});

/**
 * `last_used_at` is up to a minute old, because a key in use would otherwise be written, with its indexes, every few seconds. Rows
 * that another transaction has locked are left out.
 */
const TOUCH_KEYS = `
  with stale as (
    select k.id, u.at from virtual_key as k
    join json_to_recordset($1) as u (key_id uuid, at timestamptz) on u.key_id = k.id
    where k.last_used_at is null or k.last_used_at < u.at - interval '1 minute'
    order by k.id for no key update of k skip locked
  )
  update virtual_key as k set last_used_at = stale.at from stale where k.id = stale.id`;

const latestPerKey = (events: readonly UsageEvent[]): { key_id: Uuid; at: Date }[] => {
  const latest = new Map<Uuid, number>();
  for (const { id, keyId } of events) latest.set(keyId, Math.max(latest.get(keyId) ?? 0, uuidTimeMs(id)));
  return [...latest].map(([key_id, at]) => ({ key_id, at: new Date(at) }));
};

async function prepare(client: PoolClient, events: readonly UsageEvent[], valuesMax: number): Promise<void> {
  const days = [...new Set(events.map(({ id }) => new Date(uuidTimeMs(id)).toISOString().slice(0, 10)))].sort();
  const locks = [...new Set(events.map(({ orgId }) => orgLockKey(orgId)))].sort((a, b) => (a < b ? -1 : 1));
  await client.query("select ensure_usage_partition(day) from unnest($1::date[]) as day", [days]);
  await client.query("select pg_advisory_xact_lock_shared(key) from unnest($1::bigint[]) as key", [locks.map(String)]);
  // Before any roll-up is written, so that two transactions cannot deadlock.
  await registerValues(client, events, valuesMax);
}

const byId = (a: UsageEvent, b: UsageEvent): number => (a.id < b.id ? -1 : 1);

/** Returns the ids of the events that are new in the ledger. */
async function add(client: PoolClient, events: readonly UsageEvent[], units: Units): Promise<Uuid[]> {
  // In order of their ids, so that two transactions with the same events wait for each other and do not deadlock.
  const values = [...eventColumns(events.toSorted(byId), units), new Date()];
  // A named statement is planned once per session; planning is a tenth of its cost.
  const name = isDirect(client) && units === UNITS ? { name: "ingest" } : {};
  const { rows } = await client.query<{ id: Uuid }>({ ...name, text: insertSql(units), values });
  const added = rows.map(({ id }) => id);
  const ids = new Set(added);
  // An id that is twice among them is inserted once, so its second event counts as a repetition.
  const [inserted, again] = [[] as UsageEvent[], [] as UsageEvent[]];
  for (const event of events) (ids.delete(event.id) ? inserted : again).push(event);
  if (again.length > 0) await correctLostEvents(client, again, Date.now());
  if (inserted.length > 0) {
    await addToRuns(client, inserted);
    await addToCounters(client, inserted);
    await raiseSpoolLost(client, inserted);
    await openBatches(client, inserted);
    await client.query(TOUCH_KEYS, [JSON.stringify(latestPerKey(inserted))]);
  }
  return added;
}

/**
 * Adds an event that no spool has, in the caller's transaction, which holds `lockOrg` of its organisation. Throws if the
 * ledger cannot store it.
 */
export async function addAlone(client: PoolClient, event: UsageEvent): Promise<void> {
  await prepare(client, [event], VALUES_MAX);
  await add(client, [event], UNITS);
}

/** Splits events that Postgres refuses in halves until the bad event is alone, and rejects that event. */
async function addAround(
  client: PoolClient,
  events: readonly UsageEvent[],
  rejected: Rejected[],
  units: Units,
): Promise<Uuid[]> {
  if (events.length === 0) return [];
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
      return [];
    }
    const half = events.length >> 1;
    const first = await addAround(client, events.slice(0, half), rejected, units);
    return [...first, ...(await addAround(client, events.slice(half), rejected, units))];
  }
}

/** Each organisation has a lock in the transaction. */
const ORGANISATIONS_AT_ONCE = 500;

/** The events in parts with a bounded number of organisations, each in one part. Always at least one part. */
function partsOf(events: readonly UsageEvent[]): (readonly UsageEvent[])[] {
  const byOrg = Map.groupBy(events, ({ orgId }) => orgId);
  if (byOrg.size <= ORGANISATIONS_AT_ONCE) return [events];
  const orgs = [...byOrg.values()];
  const parts = [];
  for (let at = 0; at < orgs.length; at += ORGANISATIONS_AT_ONCE)
    parts.push(orgs.slice(at, at + ORGANISATIONS_AT_ONCE).flat());
  return parts;
}

/** The same event may be in two batches: it is new in the first. */
const resultOf = (
  { events, unproven, unreadable, range }: ReadBatch,
  ids: Set<Uuid>,
  { kept, rejected, released }: { kept: number; rejected: number; released: number },
): Ingested => ({
  inserted: events.filter(({ id }) => ids.delete(id)).length,
  quarantined: kept + unreadable.length + rejected,
  unproven: unproven.length,
  repeated: unproven.length - kept,
  released,
  acknowledged: range !== null,
});

/**
 * Adds batches of spools to the ledger: events, roll-ups and limit counters, and with the last of them the spools' cursors, in one
 * transaction. Only events of very many organisations need several. Idempotent: events have ids, and ranges may come twice and in
 * any order. Throws when Postgres is not available or refuses an event; with `around`, one batch is added without such events.
 * An event without a valid MAC goes to quarantine and its range is not acknowledged, so the spool sends it again. When it comes with
 * a valid MAC, it is added to the ledger and leaves the quarantine.
 */
async function addBatches(
  pool: Pool,
  batches: readonly ReadBatch[],
  { units = UNITS, valuesMax = VALUES_MAX }: IngestOptions,
  around = false,
): Promise<Ingested[]> {
  const parts = partsOf(batches.flatMap(({ events }) => events));
  const ids = new Set<Uuid>();
  const addPart = async (client: PoolClient, part: readonly UsageEvent[], rejected: Rejected[]): Promise<Uuid[]> => {
    if (part.length === 0) return [];
    await prepare(client, part, valuesMax);
    return around ? addAround(client, part, rejected, units) : add(client, part, units);
  };
  for (const part of parts.slice(0, -1))
    for (const id of await inTransaction(pool, (client) => addPart(client, part, []))) ids.add(id);
  return inTransaction(pool, async (client) => {
    const kept: (readonly Unproven[])[] = [];
    for (const { unproven } of batches) kept.push(await withoutBooked(client, unproven));
    const rejected: Rejected[] = [];
    const added = await addPart(client, parts.at(-1) ?? [], rejected);
    const released = await release(client, batches);
    for (const [at, { spoolId, unreadable }] of batches.entries()) {
      await quarantine(client, spoolId, [...(kept[at] ?? []), ...unreadable, ...(at === 0 ? rejected : [])]);
    }
    await advanceCursors(client, batches);
    const all = new Set([...ids, ...added]);
    return batches.map((batch, at) =>
      resultOf(batch, all, {
        kept: kept[at]?.length ?? 0,
        rejected: at === 0 ? rejected.length : 0,
        released: released[at] ?? 0,
      }),
    );
  });
}

/** Adds batches together. If Postgres refuses an event, each batch is added by itself. */
export async function ingestBatches(
  pool: Pool,
  batches: readonly ReadBatch[],
  options: IngestOptions = {},
): Promise<Ingested[]> {
  try {
    return await addBatches(pool, batches, options);
  } catch (error) {
    if (!isBadData(error)) throw error;
  }
  const results: Ingested[] = [];
  for (const batch of batches) results.push(...(await addBatches(pool, [batch], options, true)));
  return results;
}

/** Adds one batch of a spool to the ledger. */
export async function ingestUsage(
  pool: Pool,
  batch: JobPayload<"usage.ingest">,
  checked: CheckedBatch,
  options: IngestOptions = {},
): Promise<Ingested> {
  const [result] = await ingestBatches(pool, [await readBatch(pool, batch, checked)], options);
  if (!result) throw new Error("no result of a batch");
  return result;
}

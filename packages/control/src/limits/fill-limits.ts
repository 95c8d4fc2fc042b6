import { setTimeout as pause } from "node:timers/promises";
import type { Zones } from "@tollgate/contracts/zones";
import type { Pool } from "@tollgate/db/pool";
import { sql } from "@tollgate/db/query";
import { inTransaction } from "../in-transaction.ts";
import { increaseCountersRevision } from "../ledger/ingest-counters.ts";
import { orgLockKey } from "../org-lock.ts";
import { type Kept, readKeptOn } from "../rollups/kept.ts";
import { runSql } from "../run-sql.ts";
import { type Counted, countersSql } from "./fill-counters.ts";
import { openWindow } from "./present.ts";
import { rollUpCountersSql } from "./roll-up-counters.ts";

type Waiting = Counted & Zones & { reshapes: boolean };

const WAITING = `
  select l.id, l.org_id as "orgId", l.scope, l.subject, l.unit, l."window", l.anchor,
    o.time_zone as "timeZone", o.former_zones as "formerZones",
    exists (select from usage_reshape as r where r.org_id = l.org_id)
      or not exists (select from usage_kept where name = 'usage_reshape') as reshapes
  from usage_limit as l join organisation as o on o.id = l.org_id
  where l.filling is not null order by l.id limit 1000`;

/** The transactions that hold the organisation's lock (`org-lock`). */
const HOLDERS = `
  select virtualtransaction as id from pg_locks
  where locktype = 'advisory' and granted and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and classid::bigint = $1 and objid::bigint = $2`;

const POLL_MS = 20;
const WAIT_MS = 30_000;

/** Waits until the transactions that ingest usage of the organisation now have ended. Those that begin later see all limits. */
async function ingestHasPassed(pool: Pool, orgId: string): Promise<void> {
  const key = BigInt.asUintN(64, orgLockKey(orgId));
  const holders = async () => {
    const { rows } = await pool.query<{ id: string }>(HOLDERS, [String(key >> 32n), String(key & 0xffff_ffffn)]);
    return new Set(rows.map(({ id }) => id));
  };
  const first = await holders();
  const untilMs = performance.now() + WAIT_MS;
  for (let left = first; left.size > 0; left = first.intersection(await holders())) {
    if (performance.now() > untilMs) throw new Error("a transaction that ingests usage does not end");
    await pause(POLL_MS);
  }
}

/**
 * Adds what a limit's counters lack. Counters and ledger are read in one snapshot, and what is ingested later counts itself,
 * so ingest goes on meanwhile.
 */
async function fillLimit(pool: Pool, limit: Waiting, kept: Kept, atMs: number): Promise<void> {
  const { id, orgId, timeZone, formerZones } = limit;
  await ingestHasPassed(pool, orgId);
  const clock = { atMs, timeZone, formerZones };
  const said = (limit.reshapes ? null : rollUpCountersSql(limit, clock, kept)) ?? countersSql(limit, clock);
  const start = new Date(openWindow(limit, clock).startMs);
  await inTransaction(pool, async (client) => {
    if (said)
      await runSql(
        client,
        sql`insert into limit_counter (org_id, limit_id, subject, window_start, settled, unpriced)
            select ${orgId}::uuid, ${id}::uuid, subject, ${start}::timestamptz,
              coalesce(said.settled, 0) - coalesce(kept.settled, 0), coalesce(said.unpriced, 0) - coalesce(kept.unpriced, 0)
            from (${said}) as said full join (
              select subject, settled, unpriced from limit_counter
              where org_id = ${orgId}::uuid and limit_id = ${id}::uuid and window_start = ${start}::timestamptz
            ) as kept using (subject)
            where coalesce(said.settled, 0) <> coalesce(kept.settled, 0)
              or coalesce(said.unpriced, 0) <> coalesce(kept.unpriced, 0)
            order by subject
            on conflict (org_id, limit_id, subject, window_start) do update
            set settled = limit_counter.settled + excluded.settled, unpriced = limit_counter.unpriced + excluded.unpriced`,
      );
    await client.query("update usage_limit set filling = null where org_id = $1 and id = $2", [orgId, id]);
    await increaseCountersRevision(client, orgId);
  });
}

/** Completes the counters of limits that were just set. Idempotent. Returns the number of limits. */
export async function fillLimits(pool: Pool, atMs: number): Promise<number> {
  const { rows } = await pool.query<Waiting>(WAITING);
  if (rows.length === 0) return 0;
  const kept = await readKeptOn(pool);
  const failures: unknown[] = [];
  for (const limit of rows) await fillLimit(pool, limit, kept, atMs).catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} limits could not be filled`);
  return rows.length;
}

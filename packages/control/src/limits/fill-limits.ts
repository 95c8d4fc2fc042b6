import type { Zones } from "@tollgate/contracts/zones";
import type { Pool } from "@tollgate/db/pool";
import { type Sql, sql } from "@tollgate/db/query";
import { inTransaction } from "../in-transaction.ts";
import { type Counted, countersSql } from "../ledger/fill-counters.ts";
import { increaseCountersRevision } from "../ledger/ingest-counters.ts";
import { ingestHasPassed } from "../ledger/ingest-has-passed.ts";
import { rollUpCounters } from "../ledger/roll-up-counters.ts";
import { type Kept, readKeptOn } from "../rollups/kept.ts";
import { reshapesSql } from "../rollups/reshape-state.ts";
import { runSql } from "../run-sql.ts";
import { openWindow } from "./present.ts";

type Waiting = Counted & Zones & { reshapes: boolean };

const WAITING = `
  select l.id, l.org_id as "orgId", l.scope, l.subject, l.unit, l."window", l.anchor,
    o.time_zone as "timeZone", o.former_zones as "formerZones",
    ${reshapesSql("l.org_id")} as reshapes
  from usage_limit as l join organisation as o on o.id = l.org_id
  where l.filling is not null order by l.id limit 1000`;

/**
 * Adds what a limit's counters lack. Counters and ledger are read in one snapshot, and what is ingested later counts itself,
 * so ingest goes on meanwhile.
 */
async function fillLimit(pool: Pool, limit: Waiting, kept: Kept, atMs: number): Promise<void> {
  const { id, orgId, timeZone, formerZones } = limit;
  await ingestHasPassed(pool, orgId);
  const clock = { atMs, timeZone, formerZones };
  const read = (query: Sql) => runSql<{ covers: boolean }>(pool, query);
  const fromRollUps = limit.reshapes ? null : await rollUpCounters(read, limit, clock, kept);
  const said = fromRollUps ?? countersSql(limit, clock);
  const start = new Date(openWindow(limit, clock).startMs);
  await inTransaction(pool, async (client) => {
    // Two jobs can have found the same limit. The second one waits here, and then there is nothing left to add.
    const waiting = await client.query(
      "select from usage_limit where org_id = $1 and id = $2 and filling is not null for no key update",
      [orgId, id],
    );
    if (waiting.rowCount === 0) return;
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

import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "@tollgate/db/pool";
import { orgLockKey } from "../org-lock.ts";

/** The transactions that hold the organisation's lock (`org-lock`). */
const HOLDERS = `
  select virtualtransaction as id from pg_locks
  where locktype = 'advisory' and granted and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and classid::bigint = $1 and objid::bigint = $2`;

const POLL_MS = 20;
const WAIT_MS = 30_000;

/** Waits until the transactions that ingest usage of the organisation now have ended. Those that begin later see what is committed now. */
export async function ingestHasPassed(pool: Pool, orgId: string): Promise<void> {
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

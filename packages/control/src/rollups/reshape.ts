import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";
import { compareSums, rewriteDay } from "./reconcile-days.ts";
import { SLOT_MS } from "./slots.ts";

/**
 * A worker of the version before takes these roll-ups for wrong until they are computed again, and would raise alerts. For an
 * hour, organisations that were just reconciled are not asked for again.
 */
const POSTPONE = `
  update ledger_maintenance set asked_at = now()
  where kind = 'reconcile' and done_at is not null and asked_at > now() - interval '1 hour'`;

/** The first time that a version with new roll-ups runs, lists all organisations. */
const LIST = `
  with first as (
    insert into usage_kept (name, since) values ('usage_reshape', now()), ('usage_attribution', now())
    on conflict do nothing returning name
  )
  insert into usage_reshape (org_id, day)
  select o.id, (now() at time zone 'UTC')::date from organisation as o where exists (select from first)
  on conflict (org_id) do update set day = excluded.day`;

const NEXT = `
  select r.org_id as "orgId", (extract(epoch from r.day) * 1000)::double precision as "fromMs",
    (select (extract(epoch from min(d.slot)) * 1000)::double precision from usage_day as d where d.org_id = r.org_id) as "firstMs"
  from usage_reshape as r order by r.day desc, r.org_id limit 1 for update of r skip locked`;

interface Next {
  orgId: string;
  fromMs: number;
  /** The organisation's first day with usage; null: none. */
  firstMs: number | null;
}

/** Computes one day of one organisation again, the latest first. False when none is left. */
async function reshapeNext(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<Next>(NEXT);
  const [next] = rows;
  if (!next) return false;
  const { orgId, fromMs, firstMs } = next;
  if (firstMs === null || fromMs < firstMs) {
    await client.query("delete from usage_reshape where org_id = $1", [orgId]);
    return true;
  }
  // Where the events do not add up to the roll-ups, these stay as they are: any version can read them.
  if ((await compareSums(client, { orgId, fromMs })).length === 0) {
    await lockOrg(client, orgId);
    await rewriteDay(client, { orgId, fromMs });
  }
  await client.query("update usage_reshape set day = $2::date where org_id = $1", [
    orgId,
    new Date(fromMs - SLOT_MS.day).toISOString().slice(0, 10),
  ]);
  return true;
}

/**
 * Computes the roll-ups of an earlier version again, day by day, for about `forMs`, at least one. Each day is one transaction, so it can
 * stop at any time. Until a day is done, its roll-ups are read as they are. Returns the number of days done.
 */
export async function reshapeRollUps(pool: Pool, forMs: number): Promise<number> {
  const { rowCount } = await pool.query(LIST);
  if (rowCount) await pool.query(POSTPONE);
  const untilMs = performance.now() + forMs;
  let days = 0;
  while (await inTransaction(pool, reshapeNext)) {
    days += 1;
    if (performance.now() >= untilMs) break;
  }
  return days;
}

/** Whether roll-ups of an earlier version are left. Then minutes are still needed. */
export async function isReshaping(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ waits: boolean }>(
    `select exists (select from usage_reshape) or not exists (select from usage_kept where name = 'usage_reshape') as waits`,
  );
  return rows[0]?.waits ?? true;
}

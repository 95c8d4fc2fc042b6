import type { PoolClient } from "@tollgate/db/pool";

/** After a longer pause, the log of policy changes may lack some. */
const PAUSE_MAX_MS = 86_400_000;

interface Last {
  transaction: string;
  latest: string;
  at: Date;
  /** The oldest transaction that is still running. */
  running: string;
  /** The database was restored into another server, whose transactions have lower numbers. */
  isAhead: boolean;
}

const LOCK = `
  insert into alert_look (name, transaction, latest, at)
  values ('thresholds', '0', '0', 'epoch') on conflict (name) do update set name = excluded.name`;

const LAST = `
  select transaction::text, latest::text, at, pg_snapshot_xmin(pg_current_snapshot())::text as running,
    latest > pg_snapshot_xmax(pg_current_snapshot()) as "isAhead"
  from alert_look where name = 'thresholds'`;

const CHANGED = `
  select organisation as "orgId", kind from policy_change
  where transaction >= $1::text::xid8 and kind in ('organisation', 'counters', 'all')
  union
  select org_id, 'increase' from limit_increase where revoked_at is null and until > $2 and until <= $3`;

const DONE = "update alert_look set transaction = latest, latest = $1::text::xid8, at = $2 where name = 'thresholds'";

/**
 * Organisations whose limits or counters changed since the last look, or whose increases of limits ended; null: all. A change is
 * read in two looks, because a transaction that was ingesting usage at the first one may have had the limits from before. The next
 * look begins where this one ends if the transaction is committed.
 */
export async function readChanged(client: PoolClient, nowMs: number): Promise<string[] | null> {
  await client.query(LOCK);
  const [last] = (await client.query<Last>(LAST)).rows;
  if (!last) throw new Error("alert_look has no row");
  const since = last.at.getTime();
  const isWhole = last.transaction === "0" || last.isAhead || nowMs - since > PAUSE_MAX_MS;
  const { rows } = isWhole
    ? { rows: [] }
    : await client.query<{ orgId: string; kind: string }>(CHANGED, [last.transaction, last.at, new Date(nowMs)]);
  await client.query(DONE, [last.running, new Date(nowMs)]);
  if (isWhole || rows.some(({ kind }) => kind === "all")) return null;
  return [...new Set(rows.map(({ orgId }) => orgId))];
}

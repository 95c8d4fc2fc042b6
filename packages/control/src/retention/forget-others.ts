import type { Pool } from "@tollgate/db/pool";

const ROWS_AT_ONCE = 5_000;
/** Requests to reconcile, rebuild, re-rate or close, which the Spend page lists. */
const MAINTENANCE_DAYS = 400;
/** An answer is repeated for one day. */
const IDEMPOTENT_DAYS = 1;
/** Usage that cannot be stored. An operator has this time to repair and send it again. */
const QUARANTINE = { days: 90, rows: 100_000 };

interface Expired {
  table: string;
  /** Its key, for deletion in batches. Null: there are never many at once. */
  key: "id" | null;
  /** Which rows; `$1` is the current time, `$2` the installation's retention in days. */
  where: string;
}

const daysBefore = (days: number | string): string => `$1::timestamptz - make_interval(days => ${days})`;

/** An alert of a window that never ends stays with its limit: without it, the threshold would alert again. */
const ALERT_EXPIRED = `a.raised_at < ${daysBefore("least(coalesce(r.alerts_days, $2), $2)")} and not exists (
  select from usage_limit as l where l.org_id = a.org_id and l.id = a.limit_id and l."window" = 'total')`;
const ALERTS = "alert as a left join retention as r on r.org_id = a.org_id";

/** Deleted in this order, because deliveries refer to alerts. */
const EXPIRED: readonly Expired[] = [
  {
    table: "alert_delivery",
    key: "id",
    where: `alert_id in (select a.id from ${ALERTS} where ${ALERT_EXPIRED})`,
  },
  { table: "alert", key: "id", where: `id in (select a.id from ${ALERTS} where ${ALERT_EXPIRED})` },
  { table: "ledger_maintenance", key: "id", where: `done_at < ${daysBefore(MAINTENANCE_DAYS)} and $2 > 0` },
  { table: "idempotent_request", key: null, where: `created_at < ${daysBefore(IDEMPOTENT_DAYS)} and $2 > 0` },
  {
    table: "usage_quarantine",
    key: "id",
    where: `$2 > 0 and (at < ${daysBefore(QUARANTINE.days)} or id in (
      select id from usage_quarantine order by at desc offset ${QUARANTINE.rows}))`,
  },
];

/** Deletes expired rows of other tables in small transactions. Returns how many of each table. */
export async function forgetOthers(pool: Pool, nowMs: number, daysMax: number): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const { table, key, where } of EXPIRED) {
    const batch = key ? `${key} = any(array(select ${key} from ${table} where ${where} limit ${ROWS_AT_ONCE}))` : where;
    for (let rows = ROWS_AT_ONCE; rows === ROWS_AT_ONCE; ) {
      const { rowCount } = await pool.query(`delete from ${table} where ${batch}`, [new Date(nowMs), daysMax]);
      rows = rowCount ?? 0;
      if (rows > 0) deleted[table] = (deleted[table] ?? 0) + rows;
    }
  }
  return deleted;
}

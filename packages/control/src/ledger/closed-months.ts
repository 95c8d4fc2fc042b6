import type { Pool, PoolClient } from "@tollgate/db/pool";
import { type Month, monthAt } from "./months.ts";

/** An organisation's time zone and its closed months, latest first. */
export interface Calendar {
  timeZone: string;
  closed: Month[];
}

interface Row {
  timeZone: string;
  month: string | null;
  since: Date;
  until: Date;
}

export async function readCalendar(on: Pool | PoolClient, orgId: string): Promise<Calendar> {
  const { rows } = await on.query<Row>(
    `select o.time_zone as "timeZone", m.month, m.since, m.until
     from organisation as o left join closed_month as m on m.org_id = o.id where o.id = $1 order by m.until desc`,
    [orgId],
  );
  const closed = rows.flatMap(({ month, since, until }) =>
    month === null ? [] : [{ month, fromMs: since.getTime(), toMs: until.getTime() }],
  );
  return { timeZone: rows[0]?.timeZone ?? "UTC", closed };
}

/** The end of the last closed month: nothing before it changes any more. Null when no month is closed. */
export const closedUntil = ({ closed }: Calendar): number | null => closed[0]?.toMs ?? null;

/** Name of the closed month that contains the instant; null when the month is open. */
export function closedMonthAt({ closed, timeZone }: Calendar, atMs: number): string | null {
  if (atMs >= (closed[0]?.toMs ?? Number.NEGATIVE_INFINITY)) return null;
  return closed.find(({ fromMs }) => fromMs <= atMs)?.month ?? monthAt(atMs, timeZone).month;
}

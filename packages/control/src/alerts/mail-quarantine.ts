import { uuidV7 } from "@tollgate/contracts/ids";
import type { Pool } from "@tollgate/db/pool";
import type { Outbound } from "./outbound.ts";

/** Minimum time between two mails. */
const PAUSE = "1 hour";

interface News {
  /** The time of the last mail as text from Postgres, because a `Date` has no microseconds. */
  last: string;
  events: number;
  reasons: { reason: string; events: number }[];
}

const NEWS = `
  with last as (
    insert into alert_look (name, transaction, latest, at) values ('quarantine', '0', '0', 'epoch')
    on conflict (name) do update set name = excluded.name returning at
  ), fresh as (
    select q.reason, count(*)::integer as events from usage_quarantine as q, last where q.at > last.at group by 1
  )
  select (select at::text from last) as last, coalesce(sum(events), 0)::integer as events,
    coalesce(json_agg(json_build_object('reason', reason, 'events', events) order by events desc), '[]') as reasons
  from fresh`;

/** Changes a row only in one of several processes, so that only that one sends the mail. */
const CLAIM = `
  update alert_look set at = now() where name = 'quarantine' and at = $1::timestamptz and at < now() - interval '${PAUSE}'`;

const GIVE_BACK = "update alert_look set at = $1 where name = 'quarantine'";

const textOf = ({ events, reasons }: News): string =>
  [
    `${events} usage ${events === 1 ? "record" : "records"} could not be added to the ledger and are in quarantine. They are kept for 90 days.`,
    "",
    ...reasons.slice(0, 10).map(({ reason, events }) => `  ${events} × ${reason}`),
    "",
    "To see them: npm run operator -- quarantine list",
    "To add them to the ledger after the cause is removed, or to delete them: quarantine release, quarantine discard",
  ].join("\n");

/**
 * Sends a mail to the operator if usage entered the quarantine after the last mail. Returns the number of these
 * records; 0: no mail was sent. If the mail cannot be sent, the next run tries again.
 */
export async function mailQuarantine(pool: Pool, outbound: Outbound, to: readonly string[]): Promise<number> {
  if (to.length === 0) return 0;
  const { rows } = await pool.query<News>(NEWS);
  const [news] = rows;
  if (!news || news.events === 0) return 0;
  const claimed = await pool.query(CLAIM, [news.last]);
  if (claimed.rowCount === 0) return 0;
  try {
    const subject = "Tollgate: usage is in quarantine";
    await outbound.mail({ id: uuidV7(Date.now()), to, subject, text: textOf(news) });
  } catch (error) {
    await pool.query(GIVE_BACK, [news.last]);
    throw error;
  }
  return news.events;
}

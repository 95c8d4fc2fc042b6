import type { Pool } from "@tollgate/db/pool";
import { JOBS } from "@tollgate/jobs/catalog";
import type { Open } from "@tollgate/vault/seal";
import { type Leaving, mailOf, slackPostOf, webhookPostOf } from "./messages.ts";
import { type Outbound, Undelivered } from "./outbound.ts";
import { StoredFacts } from "./stored-facts.ts";

export interface Delivering {
  pool: Pool;
  /** Opens the sealed secrets of channels. */
  open: Open;
  outbound: Outbound;
  /** Origin of the dashboard, for links. */
  dashboardUrl: string;
}

interface Row {
  orgId: string;
  alertId: string;
  attempts: number;
  channelId: string;
  channel: "email" | "slack" | "webhook";
  addresses: string[];
  url: string | null;
  sealed: string | null;
  isGone: boolean;
  orgName: string;
  slug: string;
  raisedAt: Date;
  facts: unknown;
}

/** Longer than any attempt. After it, another process may take over the delivery of a killed process. */
const CLAIM = "30 seconds";

/** An attempt counts when it begins, so that one that kills its process counts too. */
const TAKE = `
  with taken as (
    update alert_delivery set attempts = attempts + 1, attempted_at = now(), claimed_until = now() + interval '${CLAIM}'
    where id = $1 and state = 'waiting' and coalesce(claimed_until < now(), true)
    returning org_id, alert_id, channel_id, attempts
  )
  select t.org_id as "orgId", t.alert_id as "alertId", t.attempts, c.id as "channelId", c.kind as channel, c.addresses,
    c.url, c.sealed, c.deleted_at is not null as "isGone", o.name as "orgName", o.slug, a.raised_at as "raisedAt", a.facts
  from taken as t
  join channel as c on c.org_id = t.org_id and c.id = t.channel_id
  join alert as a on a.org_id = t.org_id and a.id = t.alert_id
  join organisation as o on o.id = t.org_id`;

const END =
  "update alert_delivery set state = $2, error = $3, claimed_until = null where id = $1 and state = 'waiting'";

const isWaiting = async (pool: Pool, id: string): Promise<boolean> =>
  (await pool.query("select from alert_delivery where id = $1 and state = 'waiting'", [id])).rowCount === 1;

async function send({ open, outbound, dashboardUrl }: Delivering, deliveryId: string, row: Row): Promise<void> {
  const { orgId, channelId, sealed, url } = row;
  const leaving: Leaving = {
    deliveryId,
    alertId: row.alertId,
    organisation: { id: orgId, name: row.orgName, slug: row.slug },
    raisedAt: row.raisedAt,
    facts: StoredFacts.parse(row.facts),
    pageUrl: `${dashboardUrl}/${row.slug}/alerts`,
  };
  if (row.isGone) throw new Undelivered("the channel was deleted", { isFinal: true });
  if (row.channel === "email") return outbound.mail(mailOf(leaving, row.addresses));
  const secret = open({ orgId, rowId: channelId }, sealed ?? "").reveal();
  const status = await outbound.post(
    row.channel === "slack" ? slackPostOf(leaving, secret) : webhookPostOf(leaving, url ?? "", secret, Date.now()),
  );
  if (status < 200 || status > 299)
    throw new Undelivered(`answered with status ${status}`, { isFinal: status === 410 });
}

/** `skipped`: it was sent or had failed before. */
export type Delivered = "sent" | "failed" | "skipped";

/**
 * Attempts a delivery. Does nothing if it was sent or has finally failed. Throws if it must be retried: the
 * attempt failed and more are left, or another process is attempting it.
 */
export async function deliver(delivering: Delivering, deliveryId: string): Promise<Delivered> {
  const { pool } = delivering;
  const { rows } = await pool.query<Row>(TAKE, [deliveryId]);
  const [row] = rows;
  if (!row) {
    if (await isWaiting(pool, deliveryId)) throw new Error("another attempt is under way");
    return "skipped";
  }
  try {
    await send(delivering, deliveryId, row);
  } catch (error) {
    const known = error instanceof Undelivered;
    const isLast = row.attempts >= JOBS["alerts.deliver"].attempts || (known && error.isFinal);
    const reason = known ? error.message : "the message could not be created";
    await pool.query(END, [deliveryId, isLast ? "failed" : "waiting", reason]);
    if (isLast && known) return "failed";
    throw error;
  }
  await pool.query(END, [deliveryId, "sent", null]);
  return "sent";
}

import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { List } from "../lists/page-of.ts";
import { type Clock, onlyByIndex, openWindow, SEEN_MAX } from "./present.ts";
import type { LIMIT_SORTS } from "./schemas.ts";

type LimitList = List<(typeof LIMIT_SORTS)[number]>;

/** The name of the subject. An id is compared as an id only if the scope says that it is one. */
const SUBJECT_NAME = sql`case l.scope
  when 'team' then (select t.name from team as t where t.org_id = l.org_id and t.id = l.subject::uuid)
  when 'member' then (select u.name from membership as m join app_user as u on u.id = m.user_id
    where m.org_id = l.org_id and m.id = l.subject::uuid)
  when 'key' then (select k.name from virtual_key as k where k.org_id = l.org_id and k.id = l.subject::uuid)
  when 'model' then (select m.name from model as m where m.org_id = l.org_id and m.id = l.subject::uuid)
  when 'credential' then (select c.name from credential as c where c.org_id = l.org_id and c.id = l.subject::uuid)
  end`;

/** The open windows of an organisation's limits: few, because most limits share one. */
async function openWindows(tx: Tx, orgId: string, clock: Clock): Promise<Sql> {
  const kinds = await tx.limit.findMany({
    where: { orgId },
    distinct: ["window", "anchor"],
    select: { window: true, anchor: true },
  });
  const starts = kinds.map((kind) => new Date(openWindow(kind, clock).startMs));
  return sql`unnest(${kinds.map(({ window }) => window)}::text[], ${kinds.map(({ anchor }) => anchor)}::timestamptz[],
    ${starts}::timestamptz[]) as open("window", anchor, since)`;
}

const plain = sql`usage_limit as l`;

/** Limits with the highest settled amount of their open window, and what their increases add now. */
const withUse = (windows: Sql, clock: Clock): Sql => sql`usage_limit as l
  left join ${windows} on open."window" = l."window"::text and open.anchor is not distinct from l.anchor
  left join lateral (
    select max(seen.settled) as settled from (
      select c.settled from limit_counter as c
      where c.org_id = l.org_id and c.limit_id = l.id and c.window_start = open.since limit ${SEEN_MAX}
    ) as seen
  ) as used on true
  left join lateral (
    select sum(i.amount) as amount from limit_increase as i
    where i.org_id = l.org_id and i.limit_id = l.id and i.revoked_at is null and i.until > ${new Date(clock.atMs)}
  ) as raised on true`;

/** The list of an organisation's limits. What they have used is read only if it is the order. */
export async function limitsList(tx: Tx, orgId: string, clock: Clock, sort: string): Promise<LimitList> {
  const byUse = sort === "used" || sort === "-used";
  if (byUse) await onlyByIndex(tx);
  return {
    name: "limits",
    from: byUse ? withUse(await openWindows(tx, orgId, clock), clock) : plain,
    orgId: sql`l.org_id`,
    id: sql`l.id`,
    sorts: {
      createdAt: { by: sql`l.created_at`, type: "timestamptz" },
      used: { by: sql`(coalesce(used.settled, 0) / (l.amount + coalesce(raised.amount, 0)))`, type: "numeric" },
      scope: { by: sql`l.scope::text collate "C"`, type: "text" },
    },
    search: sql`l.scope || ' ' || coalesce(${SUBJECT_NAME}, '') || ' ' || coalesce(l.subject, 'each') || ' ' || l.unit || ' ' ||
      l."window" || ' ' || l.mode`,
  };
}

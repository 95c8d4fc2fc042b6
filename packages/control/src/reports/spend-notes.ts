import { NIL_UUID } from "@tollgate/contracts/ids";
import { usdString } from "@tollgate/contracts/money";
import { empty, type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Range } from "../rollups/slots.ts";
import { type Filter, where } from "../rollups/sources.ts";
import type { LateLine, Spend } from "./schemas.ts";

const ofItsEvent = (filter: Filter, isOf: Sql | null): Sql => {
  // Without a filter the event is not needed.
  if (isOf === null && Object.values(filter).every((value) => value === undefined)) return empty;
  return sql`and exists (
    select from (
      select e.key_id, e.model, coalesce(e.provider, '') as provider, coalesce(e.team_id, ${NIL_UUID}::uuid) as team_id,
        coalesce(e.member_id, ${NIL_UUID}::uuid) as member_id,
        e.tags, e.customer, e.session, e.end_user, e.cost_centre
      from usage_event as e where e.org_id = a.org_id and e.id = a.event_id
    ) as event
    where ${isOf ?? sql`true`} ${where(filter)})`;
};

/** JSON has amounts as text: they can have more digits than its numbers. */
type Line = Omit<LateLine, "costUsd"> & { costNano: string };

/** SQL of late adjustments by closed month, the latest first, as JSON. */
const lines = (orgId: string, which: Sql, ofEvent: Sql): Sql => sql`
  select coalesce(jsonb_agg(line order by month desc), '[]') from (
    select a.closed_month as month, count(*) filter (where a.reason = 'late') as late,
      count(distinct a.event_id) filter (where a.reason <> 'late') as rerated, sum(a.cost_nano)::text as "costNano"
    from usage_adjustment as a
    where a.org_id = ${orgId}::uuid and a.closed_month is not null and ${which} ${ofEvent}
    group by 1
  ) as line`;

interface Asked {
  orgId: string;
  range: Range;
  /** Of this closed month: what arrived later. */
  month: string | undefined;
  filter: Filter;
  /** A condition for the events of adjustments. */
  isOf: Sql | null;
}

interface Row {
  adjustments: Line[];
  later: Line[];
  reconciledAt: Date | null;
}

const present = ({ month, late, rerated, costNano }: Line): LateLine => ({
  ...{ month, late, rerated },
  costUsd: usdString(BigInt(costNano)),
});

/**
 * What the ledger says about a report, in one query: adjustments that count in the range but belong to months that were already closed;
 * what arrived for a closed month after its closing; and when the organisation's roll-ups and counters were last compared with its
 * events, by schedule or by request. An organisation without new usage is compared once a day.
 */
export async function spendNotes(
  tx: Tx,
  { orgId, range, month, filter, isOf }: Asked,
): Promise<Pick<Spend, "adjustments" | "later" | "lastReconciledAt">> {
  const [since, until] = [new Date(range.fromMs), new Date(range.toMs)];
  const inRange = sql`a.booked_at >= ${since}::timestamptz and a.booked_at < ${until}::timestamptz`;
  const ofEvent = ofItsEvent(filter, isOf);
  const [row] = await tx.$queryRaw<Row[]>`
    select (${lines(orgId, inRange, ofEvent)}) as adjustments,
      ${month ? sql`(${lines(orgId, sql`a.closed_month = ${month}`, ofEvent)})` : sql`'[]'::jsonb`} as later,
      greatest(
        (select max(done_at) from ledger_maintenance where org_id = ${orgId}::uuid and kind = 'reconcile'),
        (select checked_at from ledger_check where org_id = ${orgId}::uuid)
      ) as "reconciledAt"`;
  if (!row) throw new Error("a query without a table has no row");
  const [later] = row.later;
  return {
    adjustments: row.adjustments.map(present),
    later: later ? present(later) : null,
    lastReconciledAt: row.reconciledAt?.toISOString() ?? null,
  };
}

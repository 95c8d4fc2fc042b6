import { NIL_UUID } from "@tollgate/contracts/ids";
import { usdString } from "@tollgate/contracts/money";
import { empty, type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Range } from "../rollups/slots.ts";
import { type Filter, where } from "../rollups/sources.ts";
import type { LateLine } from "./schemas.ts";

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

async function lines(tx: Tx, orgId: string, which: Sql, filter: Filter, isOf: Sql | null): Promise<LateLine[]> {
  const rows = await tx.$queryRaw<(Omit<LateLine, "costUsd"> & { costNano: string })[]>`
    select a.closed_month as month, count(*) filter (where a.reason = 'late')::integer as late,
      count(distinct a.event_id) filter (where a.reason <> 'late')::integer as rerated,
      sum(a.cost_nano)::text as "costNano"
    from usage_adjustment as a
    where a.org_id = ${orgId}::uuid and a.closed_month is not null and ${which} ${ofItsEvent(filter, isOf)}
    group by 1 order by 1 desc`;
  return rows.map(({ costNano, ...line }) => ({ ...line, costUsd: usdString(BigInt(costNano)) }));
}

/** Adjustments that count in the range but belong to months that were already closed. `isOf` is a condition for their events. */
export const lateLines = (
  tx: Tx,
  orgId: string,
  { fromMs, toMs }: Range,
  filter: Filter,
  isOf: Sql | null = null,
): Promise<LateLine[]> => {
  const [since, until] = [new Date(fromMs), new Date(toMs)];
  const inRange = sql`a.booked_at >= ${since}::timestamptz and a.booked_at < ${until}::timestamptz`;
  return lines(tx, orgId, inRange, filter, isOf);
};

/** What arrived for a closed month after its closing; null when nothing did. */
export const linesFor = async (
  tx: Tx,
  orgId: string,
  month: string,
  filter: Filter,
  isOf: Sql | null = null,
): Promise<LateLine | null> => (await lines(tx, orgId, sql`a.closed_month = ${month}`, filter, isOf))[0] ?? null;

import { NIL_UUID } from "@tollgate/contracts/ids";
import { usdString } from "@tollgate/contracts/money";
import type { Tx } from "@tollgate/db/with-tenant";
import { type Filter, where } from "./readings.ts";
import type { LateLine } from "./schemas.ts";
import type { Range } from "./slots.ts";

/** What was booked in the range for months that were closed by then. */
export async function lateLines(tx: Tx, orgId: string, { fromMs, toMs }: Range, filter: Filter): Promise<LateLine[]> {
  const [since, until] = [new Date(fromMs), new Date(toMs)];
  const rows = await tx.$queryRaw<(Omit<LateLine, "costUsd"> & { costNano: string })[]>`
    select month, count(*) filter (where reason = 'late')::integer as late,
      count(distinct event_id) filter (where reason <> 'late')::integer as rerated, sum(cost_nano)::text as "costNano"
    from (
      select a.closed_month as month, a.reason, a.event_id, e.key_id, e.model, coalesce(e.provider, '') as provider,
        coalesce(e.team_id, ${NIL_UUID}::uuid) as team_id, coalesce(e.member_id, ${NIL_UUID}::uuid) as member_id,
        case a.reason when 'late' then coalesce(e.cost_nano, 0) else a.cost_nano end as cost_nano
      from usage_adjustment as a join usage_event as e on e.org_id = a.org_id and e.id = a.event_id
      where a.org_id = ${orgId}::uuid and a.closed_month is not null
        and a.booked_at >= ${since}::timestamptz and a.booked_at < ${until}::timestamptz
    ) as line
    where true ${where(filter)}
    group by month order by month desc`;
  return rows.map(({ costNano, ...line }) => ({ ...line, costUsd: usdString(BigInt(costNano)) }));
}

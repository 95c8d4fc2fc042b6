import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import type { Clock } from "../limits/present.ts";
import { zonesOf } from "../organisation/zones.ts";
import { type Kept, keptOf, keptSql } from "../rollups/kept.ts";

export interface Calendar {
  clock: Clock;
  kept: Kept;
}

interface Row {
  timeZone: string;
  formerZones: unknown;
  /** JSON has instants as text. */
  kept: { name: string; since: string }[];
}

/** The current time with the organisation's zones, and which roll-ups are kept: in one query, because every report begins with it. */
export async function readCalendar(tx: Tx, { orgId, services }: Context): Promise<Calendar> {
  const [row] = await tx.$queryRaw<Row[]>`
    select time_zone as "timeZone", former_zones as "formerZones",
      (select coalesce(jsonb_agg(kept), '[]') from (${keptSql(orgId)}) as kept) as kept
    from organisation where id = ${orgId}::uuid`;
  if (!row) throw new Error("the organisation of this transaction is gone");
  const clock = { ...zonesOf(row), atMs: services.now() };
  return { clock, kept: keptOf(row.kept.map(({ name, since }) => ({ name, since: new Date(since) }))) };
}

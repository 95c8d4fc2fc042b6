import { UNITS } from "@tollgate/catalog/units";
import type { Pool } from "@tollgate/db/pool";
import { attributed } from "./attribution-sql.ts";
import { type Kept, readKeptOn } from "./kept.ts";
import { ANY_ADJUSTED, bookedLines, unadjustedLines } from "./lines-sql.ts";
import { differing, rollUpsOn, unequal } from "./reconcile-days.ts";
import type { RollUp } from "./roll-up.ts";
import { type Range, SLOT_MS, utcDayStart } from "./slots.ts";

/** The day's roll-up is compared with the hours, which are compared with the events. */
function differingDay({ table, byHour = table, keys, sums, rare }: RollUp): string {
  const rows = (slot: string, from: string): string => `
    select ${keys.map((key) => (key === "slot" ? slot : key)).join(", ")},
      ${sums.map((sum) => `sum(${sum})`).join(", ")}, ${rare.map((sum) => `coalesce(sum(${sum}), 0)`).join(", ")}
    from ${from} where org_id = $1 and slot >= $4 and slot < $5 group by ${keys.map((_, index) => index + 1).join(", ")}`;
  return unequal(table, rows("slot", table), rows("date_trunc('day', slot)", byHour));
}

function compareSql(day: Range, kept: Kept, adjusted: boolean): string {
  const rollUps = rollUpsOn({ orgId: "", fromMs: day.fromMs }, kept, UNITS);
  const parts = rollUps.flatMap((rollUp) => {
    if (rollUp.bucket !== "day") return [differing(rollUp)];
    return day.fromMs >= kept.hourMs ? [differingDay(rollUp)] : [];
  });
  // Planning the lines of adjustments takes longer than the rest, and there are none nearly always.
  const lines = adjusted ? bookedLines(UNITS) : unadjustedLines(UNITS);
  return `with lines as (${lines}), ${attributed(UNITS)} select coalesce(sum(rows), 0)::integer as rows from (${parts.join(" union all ")}) as differing`;
}

/**
 * Whether roll-ups of some hours of one UTC day differ from the sums of their events and adjustments. It reads only the
 * events of these hours, in one snapshot, and ingest can go on at the same time.
 */
export async function hoursDiffer(pool: Pool, orgId: string, { fromMs, toMs }: Range): Promise<boolean> {
  const dayMs = utcDayStart(fromMs);
  const day = { fromMs: dayMs, toMs: dayMs + SLOT_MS.day };
  const instants = [fromMs, toMs, day.fromMs, day.toMs].map((ms) => new Date(ms));
  const [{ adjusted } = { adjusted: true }] = (
    await pool.query<{ adjusted: boolean }>(ANY_ADJUSTED, [orgId, ...instants.slice(0, 2)])
  ).rows;
  const text = compareSql(day, await readKeptOn(pool), adjusted);
  const { rows } = await pool.query<{ rows: number }>(text, [orgId, ...instants]);
  return (rows[0]?.rows ?? 0) > 0;
}

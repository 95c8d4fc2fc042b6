import type { Pool, PoolClient } from "@tollgate/db/pool";
import type { Tx } from "@tollgate/db/with-tenant";
import { hourSlotStart, type Range, SLOT_MS } from "./slots.ts";

/** From when on the roll-ups of each interval are complete, epoch milliseconds: UTC midnights. Days are kept for ever. */
export interface Kept {
  minuteMs: number;
  hourMs: number;
  /** From when on the totals by day are complete. Those by month and year are complete if this is minus infinity. */
  totalsMs: number;
}

const ALWAYS = Number.NEGATIVE_INFINITY;
export const ALL_KEPT: Kept = { minuteMs: ALWAYS, hourMs: ALWAYS, totalsMs: ALWAYS };

interface Row {
  name: string;
  since: Date;
}

function keptOf(rows: readonly Row[]): Kept {
  const since = new Map(rows.map(({ name, since }) => [name, since.getTime()]));
  const totalsMs = since.get("usage_total_fill") ?? since.get("usage_total") ?? Number.POSITIVE_INFINITY;
  return {
    minuteMs: since.get("usage_minute") ?? ALWAYS,
    hourMs: since.get("usage_hour") ?? ALWAYS,
    // The epoch stands for all days.
    totalsMs: totalsMs > 0 ? totalsMs : ALWAYS,
  };
}

export const readKept = async (tx: Tx, orgId: string): Promise<Kept> =>
  keptOf(
    await tx.$queryRaw<Row[]>`
      select name, since from usage_kept
      union all
      select 'usage_total_fill', day from usage_total_fill where org_id = ${orgId}::uuid`,
  );

/** For all organisations, so totals are not used: those of one may be incomplete. */
export const readKeptOn = async (on: Pool | PoolClient): Promise<Kept> =>
  keptOf((await on.query<Row>("select name, since from usage_kept where name <> 'usage_total'")).rows);

/**
 * The instant moved back to the start of a slot of the finest roll-up that is kept. Where only days are, to the nearest UTC
 * midnight: a local day becomes the UTC day that it shares most of its hours with.
 */
export function alignDown(atMs: number, { minuteMs, hourMs }: Pick<Kept, "minuteMs" | "hourMs">): number {
  if (atMs >= minuteMs) return atMs;
  return atMs >= hourMs ? hourSlotStart(atMs) : Math.round(atMs / SLOT_MS.day) * SLOT_MS.day;
}

const QUARTER_MS = SLOT_MS.hour / 4;

function alignUp(atMs: number, kept: Kept): number {
  const startMs = alignDown(atMs, kept);
  if (startMs === atMs || atMs < kept.hourMs) return startMs;
  let upMs = startMs + QUARTER_MS;
  while (alignDown(upMs, kept) !== upMs) upMs += QUARTER_MS;
  return upMs;
}

/** The range, extended to whole slots of the finest roll-up that is kept at either end. */
export const alignRange = ({ fromMs, toMs }: Range, kept: Kept): Range => ({
  fromMs: alignDown(fromMs, kept),
  toMs: alignUp(toMs, kept),
});

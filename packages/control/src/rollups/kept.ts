import type { Pool, PoolClient } from "@tollgate/db/pool";
import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { hourSlotStart, type Range, SLOT_MS } from "./slots.ts";

/** From when on the roll-ups of each interval are complete, epoch milliseconds: UTC midnights. Days are kept for ever. */
export interface Kept {
  minuteMs: number;
  hourMs: number;
  /** The first UTC day of which there are no totals. */
  openMs: number;
  /** Earlier UTC days whose totals are not summed yet, or not again since they changed. */
  stale: ReadonlySet<number>;
}

const ALWAYS = Number.NEGATIVE_INFINITY;
export const ALL_KEPT: Kept = { minuteMs: ALWAYS, hourMs: ALWAYS, openMs: Number.POSITIVE_INFINITY, stale: new Set() };

export interface KeptRow {
  name: string;
  since: Date;
}

export function keptOf(rows: readonly KeptRow[]): Kept {
  const since = new Map(rows.map(({ name, since }) => [name, since.getTime()]));
  const stale = rows.flatMap(({ name, since }) => (name === STALE ? [since.getTime()] : []));
  return {
    minuteMs: since.get("usage_minute") ?? ALWAYS,
    hourMs: since.get("usage_hour") ?? ALWAYS,
    openMs: since.get("usage_total_open") ?? ALWAYS,
    stale: new Set(stale),
  };
}

const STALE = "stale";

/**
 * SQL of the rows of `keptOf`. Ingest records in `usage_touched` what it writes. When a check forgets that, a trigger records the day
 * in `usage_total_stale`.
 */
export const keptSql = (orgId: string): Sql => sql`
  select name, since from usage_kept
  union all
  select ${STALE}, day from usage_total_stale where org_id = ${orgId}::uuid
  union all
  select distinct ${STALE}, date_trunc('day', hour, 'UTC') from usage_touched where org_id = ${orgId}::uuid`;

export const readKept = async (tx: Tx, orgId: string): Promise<Kept> =>
  keptOf(await tx.$queryRaw<KeptRow[]>(keptSql(orgId)));

/** For all organisations, so totals are not used: days that are stale are those of one. */
export const readKeptOn = async (on: Pool | PoolClient): Promise<Kept> =>
  keptOf((await on.query<KeptRow>("select name, since from usage_kept where name <> 'usage_total_open'")).rows);

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

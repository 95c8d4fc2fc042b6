import type { Pool, PoolClient } from "@tollgate/db/pool";
import type { Tx } from "@tollgate/db/with-tenant";
import { hourSlotStart, type Range, SLOT_MS } from "./slots.ts";

/** From when on the roll-ups of each interval are complete, epoch milliseconds: UTC midnights. Days are kept for ever. */
export interface Kept {
  minuteMs: number;
  hourMs: number;
}

export const ALL_KEPT: Kept = { minuteMs: Number.NEGATIVE_INFINITY, hourMs: Number.NEGATIVE_INFINITY };

interface Row {
  name: string;
  since: Date;
}

const KEPT = "select name, since from usage_kept";

function keptOf(rows: readonly Row[]): Kept {
  const since = new Map(rows.map(({ name, since }) => [name, since.getTime()]));
  const { minuteMs, hourMs } = ALL_KEPT;
  return { minuteMs: since.get("usage_minute") ?? minuteMs, hourMs: since.get("usage_hour") ?? hourMs };
}

export const readKept = async (tx: Tx): Promise<Kept> => keptOf(await tx.usageKept.findMany());

export const readKeptOn = async (on: Pool | PoolClient): Promise<Kept> => keptOf((await on.query<Row>(KEPT)).rows);

/**
 * The instant moved back to the start of a slot of the finest roll-up that is kept. Where only days are, to the nearest UTC
 * midnight: a local day becomes the UTC day that it shares most of its hours with.
 */
export function alignDown(atMs: number, { minuteMs, hourMs }: Kept): number {
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

import type { Zones } from "@tollgate/contracts/zones";
import { z } from "zod";
import { invalid } from "../fields.ts";

const DAY_MS = 86_400_000;
/** Older windows are never used: ingest accepts events of at most 400 days, and windows by an older zone have ended by then. */
const KEPT_MS = 500 * DAY_MS;
const CHANGES_MAX = 100;

const FormerZones = z.array(z.object({ timeZone: z.string(), untilMs: z.number() }));

export const zonesOf = (row: { timeZone: string; formerZones: unknown }): Zones => ({
  timeZone: row.timeZone,
  formerZones: FormerZones.parse(row.formerZones),
});

/** The former zones after another change. Throws `validation_failed` (400) if the zone was changed too often recently. */
export function leaveZone({ timeZone, formerZones }: Zones, nowMs: number): z.infer<typeof FormerZones> {
  const kept = formerZones.filter(({ untilMs }) => untilMs > nowMs - KEPT_MS);
  const [oldest] = kept;
  if (oldest && kept.length >= CHANGES_MAX) {
    const again = new Date(oldest.untilMs + KEPT_MS).toISOString().slice(0, 10);
    throw invalid({ timeZone: `was changed ${CHANGES_MAX} times; it can be changed again after ${again}` });
  }
  return [...kept, { timeZone, untilMs: nowMs }];
}

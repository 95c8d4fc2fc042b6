import type { Tx } from "@tollgate/db/with-tenant";
import { invalid } from "../fields.ts";
import { monthNamed } from "../ledger/months.ts";
import type { Clock } from "../limits/present.ts";
import { type Range, SLOT_MS } from "../rollups/slots.ts";

/** The month before may have ended in another time zone; two zones never differ by more. */
const ZONES_APART_MS = 2 * SLOT_MS.day;

/** The range of a month: as it was closed, or else in the organisation's time zone and at most until now. */
export async function monthRange(tx: Tx, orgId: string, month: string, { timeZone, atMs }: Clock): Promise<Range> {
  const closed = await tx.closedMonth.findUnique({ where: { orgId_month: { orgId, month } } });
  if (closed) return { fromMs: closed.since.getTime(), toMs: closed.until.getTime() };
  const named = monthNamed(month, timeZone);
  if (named.fromMs >= atMs) throw invalid({ month: "has not begun" });
  const around = { gte: new Date(named.fromMs - ZONES_APART_MS), lte: new Date(named.fromMs + ZONES_APART_MS) };
  const before = await tx.closedMonth.findFirst({ where: { orgId, until: around } });
  const untilMs = Math.ceil((atMs + 1) / SLOT_MS.minute) * SLOT_MS.minute;
  return { fromMs: before?.until.getTime() ?? named.fromMs, toMs: Math.min(named.toMs, untilMs) };
}

import type { Prisma } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { capAt } from "@tollgate/limits/cap";
import { windowOf } from "@tollgate/limits/window";
import { type Ids, NAMED, namesOf } from "../names.ts";
import { amountText } from "./amount.ts";
import { increasesOf, presentIncrease, standing } from "./increases.ts";
import type { Limit } from "./schemas.ts";

export type LimitRow = Prisma.SpendLimitGetPayload<object>;

export interface Clock {
  timeZone: string;
  atMs: number;
}

export const openWindow = (row: Pick<LimitRow, "window" | "anchor">, { timeZone, atMs }: Clock) =>
  windowOf(atMs, row.window, timeZone, row.anchor?.getTime() ?? null);

/** Settled in each limit's open window; with several subjects, of the one that used most. */
async function settledOf(tx: Tx, orgId: string, rows: LimitRow[], clock: Clock): Promise<Map<string, bigint>> {
  const open = rows.map((row) => ({ limitId: row.id, windowStart: new Date(openWindow(row, clock).startMs) }));
  const counters = await tx.limitCounter.groupBy({
    by: ["limitId"],
    where: { orgId, OR: open },
    _max: { settled: true },
  });
  return new Map(counters.map(({ limitId, _max }) => [limitId, BigInt(_max.settled?.toFixed() ?? 0)]));
}

const subjectIds = (rows: LimitRow[]): Ids =>
  Object.fromEntries(NAMED.map((kind) => [kind, rows.flatMap((row) => (row.scope === kind ? [row.subject] : []))]));

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Limits with what the ledger has settled against them at the instant `atMs`, in the same order. */
export async function presentLimits(tx: Tx, orgId: string, rows: LimitRow[], clock: Clock): Promise<Limit[]> {
  const settled = rows.length > 0 ? await settledOf(tx, orgId, rows, clock) : new Map<string, bigint>();
  const raised = await increasesOf(
    tx,
    orgId,
    rows.map(({ id }) => id),
  );
  const names = await namesOf(tx, orgId, subjectIds(rows));
  return rows.map((row) => {
    const { startMs, endMs } = openWindow(row, clock);
    const spent = settled.get(row.id) ?? 0n;
    const increases = raised.get(row.id) ?? [];
    const cap = capAt({ amount: row.amount, increases: standing(increases) }, clock.atMs);
    const windowed = row.unit !== "concurrent";
    return {
      id: row.id,
      scope: row.scope,
      subject: row.subject,
      subjectName: row.subject === null ? null : (names.get(row.subject) ?? row.subject),
      unit: row.unit,
      window: row.window,
      anchor: row.anchor?.toISOString() ?? null,
      amount: amountText(row.unit, row.amount),
      cap: amountText(row.unit, cap),
      increases: increases.map((each) => presentIncrease(each, row.unit, clock.atMs)),
      mode: row.mode,
      thresholds: row.thresholds,
      onStoreDown: row.onStoreDown,
      spent: amountText(row.unit, spent),
      left: amountText(row.unit, spent < cap ? cap - spent : 0n),
      windowStart: windowed ? isoOf(startMs) : null,
      resetsAt: windowed ? isoOf(endMs) : null,
      createdAt: row.createdAt.toISOString(),
    };
  });
}

import type { Zones } from "@tollgate/contracts/zones";
import type { Prisma } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { windowOf } from "@tollgate/limits/window";
import { capAt, leftOf } from "@tollgate/policy/limit-cap";
import { type Ids, NAMED, namesOf } from "../names.ts";
import { amountText } from "./amount.ts";
import { increasesOf, presentIncrease, standing } from "./increases.ts";
import type { Limit } from "./schemas.ts";

export type LimitRow = Prisma.LimitGetPayload<object>;

export interface Clock extends Zones {
  atMs: number;
}

export const openWindow = (row: Pick<LimitRow, "window" | "anchor">, clock: Clock) =>
  windowOf(clock.atMs, row.window, clock, row.anchor?.getTime() ?? null);

interface Used {
  settled: bigint;
  unpriced: number;
}

/** Counters of one limit's window that are looked at: a caller can name a million runs. */
export const SEEN_MAX = 10_000;

/** Only a scan of the index ends when it has seen enough. */
export async function onlyByIndex(tx: Tx): Promise<void> {
  await tx.$executeRaw`set local enable_seqscan = off`;
  await tx.$executeRaw`set local enable_bitmapscan = off`;
}

/** The counter of each limit's open window. With several subjects: of the one with the most usage, of the first {@link SEEN_MAX}. */
async function usedOf(tx: Tx, orgId: string, rows: LimitRow[], clock: Clock): Promise<Map<string, Used>> {
  const starts = rows.map((row) => new Date(openWindow(row, clock).startMs));
  await onlyByIndex(tx);
  const counters = await tx.$queryRaw<{ limitId: string; settled: string; unpriced: string }[]>`
    select open.limit_id as "limitId", used.settled::text as settled, used.unpriced::text as unpriced
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${starts}::timestamptz[]) as open(limit_id, window_start)
    cross join lateral (
      select * from (
        select c.settled, c.unpriced, c.subject from limit_counter as c
        where c.org_id = ${orgId}::uuid and c.limit_id = open.limit_id and c.window_start = open.window_start
        limit ${SEEN_MAX}
      ) as seen order by seen.settled desc, seen.subject limit 1
    ) as used`;
  return new Map(
    counters.map(({ limitId, settled, unpriced }) => [
      limitId,
      { settled: BigInt(settled), unpriced: Number(unpriced) },
    ]),
  );
}

const subjectIds = (rows: LimitRow[]): Ids =>
  Object.fromEntries(NAMED.map((kind) => [kind, rows.flatMap((row) => (row.scope === kind ? [row.subject] : []))]));

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Limits with their settled usage at the instant `atMs`, in the same order. */
export async function presentLimits(tx: Tx, orgId: string, rows: LimitRow[], clock: Clock): Promise<Limit[]> {
  const used = rows.length > 0 ? await usedOf(tx, orgId, rows, clock) : new Map<string, Used>();
  const raised = await increasesOf(
    tx,
    orgId,
    rows.map(({ id }) => id),
  );
  const names = await namesOf(tx, orgId, subjectIds(rows));
  return rows.map((row) => {
    const { startMs, endMs } = openWindow(row, clock);
    const { settled: spent, unpriced } = used.get(row.id) ?? { settled: 0n, unpriced: 0 };
    const increases = raised.get(row.id) ?? [];
    const cap = capAt({ amount: row.amount, increases: standing(increases) }, clock.atMs);
    const windowed = row.unit !== "concurrent";
    return {
      id: row.id,
      scope: row.scope,
      subject: row.subject,
      subjectName: row.subject === null ? null : (names.get(row.subject)?.name ?? row.subject),
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
      unpriced,
      left: amountText(row.unit, leftOf(cap, spent)),
      windowStart: windowed ? isoOf(startMs) : null,
      countingSince: row.filling === "pending" ? row.createdAt.toISOString() : null,
      resetsAt: windowed ? isoOf(endMs) : null,
      createdAt: row.createdAt.toISOString(),
    };
  });
}

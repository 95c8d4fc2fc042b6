import { usdString } from "@tollgate/contracts/money";
import type { Tx } from "@tollgate/db/with-tenant";
import { Nothing } from "../fields.ts";
import { type Month, monthAt, monthsSince } from "../ledger/months.ts";
import { LedgerMonths } from "../ledger/schemas.ts";
import { clockOf } from "../limits/clock.ts";
import { readKept } from "../rollups/kept.ts";
import { addUp } from "../rollups/raw-sums.ts";
import { sumBySlot } from "../rollups/sums.ts";
import { verb } from "../verb.ts";

const SHOWN_MAX = 13;

const closedOf = (tx: Tx, orgId: string) =>
  tx.closedMonth.findMany({ where: { orgId }, orderBy: { until: "desc" }, take: SHOWN_MAX });
type Closed = Awaited<ReturnType<typeof closedOf>>;

/** The closed months and the open ones after them, up to the current month; at most the last thirteen. */
async function monthsOf(tx: Tx, orgId: string, closed: Closed, nowMs: number, timeZone: string): Promise<Month[]> {
  const first = await tx.usageDay.findFirst({ where: { orgId }, orderBy: { slot: "asc" }, select: { slot: true } });
  const openMs = closed[0]?.until.getTime() ?? monthAt(first?.slot.getTime() ?? nowMs, timeZone).fromMs;
  const past = closed.map(({ month, since, until }) => ({ month, fromMs: since.getTime(), toMs: until.getTime() }));
  return [...past.reverse(), ...monthsSince(openMs, nowMs, timeZone)].slice(-SHOWN_MAX);
}

interface Later {
  costNano: bigint;
  /** Requests of the month that got a price after its closing. */
  priced: number;
}

/** What arrived for each closed month after its closing; it counts in a later month. */
async function laterOf(tx: Tx, orgId: string): Promise<Map<string, Later>> {
  const rows = await tx.$queryRaw<{ month: string; costNano: string; priced: number }[]>`
    select a.closed_month as month, sum(a.cost_nano)::text as "costNano",
      count(*) filter (where a.reason = 'priced' and a.unpriced = 0)::integer as priced
    from usage_adjustment as a
    where a.org_id = ${orgId}::uuid and a.closed_month is not null
    group by 1`;
  return new Map(rows.map(({ month, costNano, priced }) => [month, { costNano: BigInt(costNano), priced }]));
}

/** The part of each month that belongs to months that were already closed. */
async function adjustmentsOf(tx: Tx, orgId: string, months: readonly Month[]): Promise<Map<number, bigint>> {
  const starts = months.map(({ fromMs }) => new Date(fromMs));
  const rows = await tx.$queryRaw<{ month: number; costNano: string }[]>`
    select width_bucket(a.booked_at, ${starts}::timestamptz[]) - 1 as month, sum(a.cost_nano)::text as "costNano"
    from usage_adjustment as a
    where a.org_id = ${orgId}::uuid and a.closed_month is not null and a.booked_at >= ${starts[0]}::timestamptz
    group by 1`;
  return new Map(rows.map(({ month, costNano }) => [month, BigInt(costNano)]));
}

/** The current month and those before it since the first request, newest first, at most thirteen. */
export const listMonths = verb({
  name: "usage.months",
  action: "ledger:list",
  input: Nothing,
  output: LedgerMonths,
  http: { method: "GET", path: "/usage/months" },
  run: async ({ tx, ctx }) => {
    const { orgId } = ctx;
    const { timeZone, atMs } = await clockOf(tx, ctx);
    const closed = await closedOf(tx, orgId);
    const asked = await tx.ledgerMaintenance.aggregate({
      where: { orgId, kind: "close", doneAt: null },
      _max: { until: true },
    });
    const closingMs = asked._max.until?.getTime() ?? 0;
    const months = await monthsOf(tx, orgId, closed, atMs, timeZone);
    const slots = months.map(({ fromMs }) => fromMs);
    const toMs = months.at(-1)?.toMs ?? atMs;
    const sums = Map.groupBy(
      await sumBySlot(tx, { orgId, slots, toMs, groupBy: "none", filter: {}, kept: await readKept(tx, orgId) }),
      ({ slot }) => slot,
    );
    const [adjustments, later] = [await adjustmentsOf(tx, orgId, months), await laterOf(tx, orgId)];
    const items = months.map(({ month, fromMs, toMs }, index) => {
      const { requests, unpriced, costNano } = addUp(sums.get(index) ?? []);
      const shut = closed.find((each) => each.month === month);
      const waiting = toMs <= closingMs ? ("closing" as const) : ("open" as const);
      return {
        month,
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        requests,
        unpriced: unpriced - (later.get(month)?.priced ?? 0),
        costUsd: usdString(costNano),
        adjustmentsUsd: usdString(adjustments.get(index) ?? 0n),
        laterUsd: usdString(later.get(month)?.costNano ?? 0n),
        state: shut ? ("closed" as const) : toMs > atMs ? ("current" as const) : waiting,
        closedAt: shut?.closedAt.toISOString() ?? null,
        closedBy: shut?.closedBy ?? null,
      };
    });
    return { items: items.reverse(), timeZone };
  },
});

import { usdString } from "@tollgate/contracts/money";
import type { Tx } from "@tollgate/db/with-tenant";
import { closestLimits } from "../limits/closest.ts";
import { alignRange, type Kept } from "../rollups/kept.ts";
import { percentilesOf } from "../rollups/percentiles.ts";
import { addUp, type RawSums } from "../rollups/raw-sums.ts";
import { fittingInterval, type Range, SLOT_MS, slotStart, slotsOf } from "../rollups/slots.ts";
import { sumBySlot, sumRange } from "../rollups/sums.ts";
import { topGroups } from "../rollups/top-groups.ts";
import { verb } from "../verb.ts";
import { readCalendar } from "./calendar.ts";
import { groupLabels } from "./group-labels.ts";
import { previousRange } from "./range.ts";
import { GetOverview, Overview, type Totals } from "./schemas.ts";

const TOP = 5;
const LIMITS_SHOWN = 5;

const figures = ({ costNano, requests, errors, inputTokens, outputTokens }: RawSums) => ({
  requests,
  errors,
  costUsd: usdString(costNano),
  tokens: inputTokens + outputTokens,
});

async function totalsOf(tx: Tx, orgId: string, range: Range, sums: RawSums, kept: Kept): Promise<Totals> {
  const { unpriced, cacheHits } = sums;
  return { ...figures(sums), unpriced, cacheHits, ...(await percentilesOf(tx, orgId, range, kept)) };
}

async function topOf(tx: Tx, orgId: string, { fromMs, toMs }: Range, groupBy: "model" | "key", kept: Kept) {
  const top = await topGroups(tx, { orgId, slots: [fromMs], toMs, groupBy, filter: {}, kept }, TOP);
  const ids = top.map(({ groupId }) => groupId);
  const labelOf = await groupLabels(tx, orgId, groupBy, ids);
  return top.map(({ groupId, requests, costNano }) => {
    return { id: groupId, ...labelOf(groupId), requests, costUsd: usdString(costNano) };
  });
}

/** The last hours in whole slots of the organisation's time zone, including the current one, and the period before. */
export const getOverview = verb({
  name: "usage.overview",
  action: "usage:overview",
  input: GetOverview,
  output: Overview,
  http: { method: "GET", path: "/usage/overview" },
  run: async ({ tx, ctx, input: { hours } }) => {
    const { orgId } = ctx;
    const { clock, kept } = await readCalendar(tx, ctx);
    const { timeZone, atMs } = clock;
    const interval = fittingInterval({ fromMs: 0, toMs: hours * SLOT_MS.hour });
    const fromMs = slotStart(atMs - hours * SLOT_MS.hour + SLOT_MS[interval], interval, timeZone);
    const toMs = Math.ceil((atMs + 1) / SLOT_MS.minute) * SLOT_MS.minute;
    const range = alignRange({ fromMs, toMs }, kept);
    const before = alignRange(previousRange(range), kept);
    const slots = slotsOf(range, interval, timeZone, kept.minuteMs);
    const sums = await sumBySlot(tx, { orgId, slots, toMs, groupBy: "none", filter: {}, kept });
    const bySlot = Map.groupBy(sums, ({ slot }) => slot);
    return {
      from: new Date(range.fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      interval,
      timeZone,
      // Summed from the rows of the chart: another query could already see more calls.
      current: await totalsOf(tx, orgId, range, addUp(sums), kept),
      previous: await totalsOf(tx, orgId, before, await sumRange(tx, before, { orgId, filter: {}, kept }), kept),
      series: slots.map((ms, index) => ({
        slot: new Date(ms).toISOString(),
        ...figures(addUp(bySlot.get(index) ?? [])),
      })),
      topModels: await topOf(tx, orgId, range, "model", kept),
      topKeys: await topOf(tx, orgId, range, "key", kept),
      limits: await closestLimits(tx, ctx, clock, LIMITS_SHOWN),
    };
  },
});

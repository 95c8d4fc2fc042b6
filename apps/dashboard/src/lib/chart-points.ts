import { parseSignedUsd, usdString } from "@tollgate/contracts/money";
import type { Spend } from "@tollgate/control/reports/schemas";
import type { z } from "zod";
import type { Measure } from "@/app/[org]/spend/spend-query.ts";
import type { BarPoint } from "@/components/charts/chart-tooltip.tsx";
import { GROUPS_SHOWN } from "../components/charts/palette.ts";
import { formatCount } from "./format-count.ts";
import { formatUsd } from "./format-money.ts";

type SpendData = z.infer<typeof Spend>;
type Sums = SpendData["total"];

export const OTHERS = "others";

/** An amount as an integer: nano-dollars, requests or tokens. */
const amountOf: Record<Measure, (sums: Sums) => bigint> = {
  cost: ({ costUsd }) => parseSignedUsd(costUsd) ?? 0n,
  requests: ({ requests }) => BigInt(requests),
  tokens: ({ inputTokens, outputTokens }) => BigInt(inputTokens) + BigInt(outputTokens),
};

const textOf = (measure: Measure, amount: bigint): string =>
  measure === "cost" ? formatUsd(usdString(amount)) : formatCount(amount);

const heightOf = (measure: Measure, amount: bigint): number =>
  measure === "cost" ? Number(amount) / 1e9 : Number(amount);

/** The groups of a chart, highest cost first. Small groups are combined into one. Ids are short: each point repeats them. */
export function chartSeries({ rows, other }: SpendData): { id: string; label: string }[] {
  const shown = rows.slice(0, GROUPS_SHOWN).map(({ label }, rank) => ({ id: `${rank}`, label }));
  const rest = rows.length - shown.length + (other?.groups ?? 0);
  return rest > 0 ? [...shown, { id: OTHERS, label: `${rest}${other?.atLeast ? "+" : ""} others` }] : shown;
}

/** One point per slot, summed in integers so that the texts are exact. */
export function chartPoints(spend: SpendData, measure: Measure): BarPoint[] {
  const ids = new Map(spend.rows.slice(0, GROUPS_SHOWN).map(({ groupId }, rank) => [groupId, `${rank}`]));
  const bySlot = new Map<string, Map<string, bigint>>(spend.slots.map((slot) => [slot, new Map()]));
  for (const row of spend.series) {
    const groups = bySlot.get(row.slot);
    const id = ids.get(row.groupId) ?? OTHERS;
    groups?.set(id, (groups.get(id) ?? 0n) + amountOf[measure](row));
  }
  return [...bySlot].map(([slot, groups]) => {
    const entries = [...groups].filter(([, amount]) => amount !== 0n);
    return {
      slot,
      values: Object.fromEntries(entries.map(([id, amount]) => [id, heightOf(measure, amount)])),
      texts: Object.fromEntries(entries.map(([id, amount]) => [id, textOf(measure, amount)])),
      total: textOf(
        measure,
        entries.reduce((sum, [, amount]) => sum + amount, 0n),
      ),
    };
  });
}

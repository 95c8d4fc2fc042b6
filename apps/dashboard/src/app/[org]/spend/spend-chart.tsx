"use client";

import type { BarPoint } from "@/components/charts/chart-tooltip.tsx";
import { StackedBars } from "@/components/charts/stacked-bars.tsx";
import { formatCountShort } from "@/lib/format-count.ts";
import { formatUsdShort } from "@/lib/format-money.ts";
import { type Interval, slotTick, slotWhole } from "@/lib/format-slot.ts";
import type { Measure } from "./spend-query.ts";

interface Props {
  points: readonly BarPoint[];
  series: readonly { id: string; label: string }[];
  measure: Measure;
  interval: Interval;
  timeZone: string;
}

const LABEL: Record<Measure, string> = { cost: "Cost", requests: "Requests", tokens: "Tokens" };

export const SpendChart = ({ points, series, measure, interval, timeZone }: Props) => (
  <StackedBars
    label={`${LABEL[measure]} per ${interval}`}
    points={points}
    series={series}
    formatTick={slotTick(interval, timeZone)}
    formatSlot={slotWhole(interval, timeZone)}
    formatValue={(value) => (measure === "cost" ? formatUsdShort(value.toFixed(9)) : formatCountShort(value))}
  />
);

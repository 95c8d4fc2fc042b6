"use client";

import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCount, formatCountShort } from "@/lib/format-count.ts";
import { formatUsd } from "@/lib/format-money.ts";
import { type Interval, slotTick, slotWhole } from "@/lib/format-slot.ts";

export interface TrendPoint {
  slot: string;
  requests: number;
  errors: number;
  costUsd: string;
}

interface Props {
  label: string;
  points: readonly TrendPoint[];
  interval: Interval;
  timeZone: string;
}

const tick = { fontSize: 11, fill: "var(--faint)" } as const;

interface TipProps {
  formatSlot: (slot: string) => string;
  active?: boolean;
  payload?: readonly { payload?: TrendPoint }[];
}

function Tip({ formatSlot, active, payload }: TipProps) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <dl className="grid grid-cols-[auto_auto] gap-x-6 gap-y-0.5 rounded-lg bg-raised p-2.5 text-xs shadow-float">
      <dt className="col-span-2 font-medium">{formatSlot(point.slot)}</dt>
      <dt className="text-soft">Requests</dt>
      <dd className="text-right tabular-nums">{formatCount(point.requests)}</dd>
      <dt className="text-soft">Errors</dt>
      <dd className="text-right tabular-nums">{formatCount(point.errors)}</dd>
      <dt className="text-soft">Cost</dt>
      <dd className="text-right tabular-nums">{formatUsd(point.costUsd)}</dd>
    </dl>
  );
}

/** Requests over time, and how many of them failed. */
export const AreaTrend = ({ label, points, interval, timeZone }: Props) => (
  <figure aria-label={label} className="h-56 w-full overflow-hidden">
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 900, height: 224 }}>
      <AreaChart data={[...points]} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="slot"
          tickFormatter={slotTick(interval, timeZone)}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          minTickGap={48}
        />
        <YAxis
          tickFormatter={formatCountShort}
          allowDecimals={false}
          tick={tick}
          tickLine={false}
          axisLine={false}
          width={44}
        />
        <Tooltip
          cursor={{ stroke: "var(--line-strong)" }}
          isAnimationActive={false}
          content={<Tip formatSlot={slotWhole(interval, timeZone)} />}
        />
        <Area
          type="monotone"
          dataKey="requests"
          stroke="var(--chart-1)"
          strokeWidth={1.5}
          fill="var(--chart-1)"
          fillOpacity={0.12}
          isAnimationActive={false}
        />
        <Area
          type="monotone"
          dataKey="errors"
          stroke="var(--chart-5)"
          strokeWidth={1.5}
          fill="var(--chart-5)"
          fillOpacity={0.15}
          isAnimationActive={false}
        />
      </AreaChart>
    </ResponsiveContainer>
  </figure>
);

"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { type BarPoint, ChartTooltip } from "@/components/charts/chart-tooltip.tsx";
import { seriesColour } from "@/components/charts/palette.ts";

interface Props {
  label: string;
  points: readonly BarPoint[];
  /** In the order of the stack, the first at the bottom. */
  series: readonly { id: string; label: string }[];
  formatTick: (slot: string) => string;
  formatSlot: (slot: string) => string;
  formatValue: (value: number) => string;
}

const tick = { fontSize: 11, fill: "var(--faint)" } as const;

/** Bars over time, one colour per group. Heights are floats; texts are exact. */
export const StackedBars = ({ label, points, series, formatTick, formatSlot, formatValue }: Props) => (
  <figure aria-label={label} className="h-72 w-full overflow-hidden">
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 900, height: 288 }}>
      <BarChart
        data={[...points]}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        barCategoryGap="18%"
        stackOffset="sign"
        accessibilityLayer
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="slot"
          tickFormatter={formatTick}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          minTickGap={40}
        />
        <YAxis tickFormatter={formatValue} tick={tick} tickLine={false} axisLine={false} width={64} />
        <Tooltip
          cursor={{ fill: "var(--hover)", opacity: 0.6 }}
          isAnimationActive={false}
          content={<ChartTooltip series={series} formatSlot={formatSlot} />}
        />
        {series.map(({ id, label: name }, rank) => (
          <Bar
            key={id}
            dataKey={(point: BarPoint) => point.values[id] ?? 0}
            name={name}
            stackId="all"
            fill={seriesColour(rank)}
            maxBarSize={48}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  </figure>
);

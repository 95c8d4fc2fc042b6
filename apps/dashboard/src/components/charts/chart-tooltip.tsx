import { seriesColour } from "@/components/charts/palette.ts";

export interface BarPoint {
  /** ISO start of the slot. */
  slot: string;
  /** Height by group. */
  values: Record<string, number>;
  /** Exact text by group. */
  texts: Record<string, string>;
  total: string;
}

interface Props {
  series: readonly { id: string; label: string }[];
  formatSlot: (slot: string) => string;
  /** Props from Recharts. */
  active?: boolean;
  payload?: readonly { payload?: BarPoint }[];
}

/** The values of a slot, in the chart's order. */
export function ChartTooltip({ series, formatSlot, active, payload }: Props) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="min-w-48 rounded-lg bg-raised p-2.5 text-xs shadow-float">
      <p className="flex justify-between gap-6 pb-1 font-medium">
        <span>{formatSlot(point.slot)}</span>
        <span className="tabular-nums">{point.total}</span>
      </p>
      <ul className="grid gap-0.5">
        {series.map(({ id, label }, rank) =>
          point.texts[id] ? (
            <li key={id} className="flex items-center justify-between gap-6 text-soft">
              <span className="flex min-w-0 items-center gap-1.5">
                <span aria-hidden className="size-2 shrink-0 rounded-sm" style={{ background: seriesColour(rank) }} />
                <span className="truncate">{label}</span>
              </span>
              <span className="text-ink tabular-nums">{point.texts[id]}</span>
            </li>
          ) : null,
        )}
      </ul>
    </div>
  );
}

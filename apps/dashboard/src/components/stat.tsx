import type { ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { formatShare } from "@/lib/format-count.ts";

interface ChangeProps {
  /** Plain numbers: a change is a ratio, not an amount of money. */
  now: number | null;
  before: number | null;
  /** The direction that is good; none if neither is. */
  good?: "up" | "down";
  period: string;
}

/** Compared with the previous period: `12% more than the previous 24 h`. */
export function Change({ now, before, good, period }: ChangeProps) {
  if (now === null || before === null || before === 0)
    return <span className="text-faint text-xs">no {period} to compare</span>;
  const ratio = now / before - 1;
  if (Math.abs(ratio) < 0.005) return <span className="text-faint text-xs">as in the {period}</span>;
  const up = ratio > 0;
  const tone = good === undefined ? "text-soft" : (good === "up") === up ? "text-good" : "text-danger";
  const share = ratio > 9.99 ? `${Math.round(ratio + 1)}×` : formatShare(Math.abs(ratio));
  return (
    <span className="text-faint text-xs" title={`compared to the ${period}`}>
      <span className={cn("tabular-nums", tone)}>
        <span aria-hidden>{up ? "↑" : "↓"}</span>
        <span className="sr-only">{up ? "up" : "down"}</span> {share}
      </span>{" "}
      vs {period}
    </span>
  );
}

interface StatProps {
  label: string;
  value: ReactNode;
  change?: ReactNode;
  chart?: ReactNode;
}

/** A number at the top of a page. */
export const Stat = ({ label, value, change, chart }: StatProps) => (
  <div className="relative grid content-start gap-0.5 bg-raised px-4 py-3">
    <dt className="text-faint text-xs">{label}</dt>
    <dd className="grid gap-0.5">
      <span className="font-semibold text-xl tabular-nums tracking-tight">{value}</span>
      {change}
    </dd>
    {chart}
  </div>
);

/** Numbers side by side, separated by thin lines. */
export const StatRow = ({ children, className }: { children: ReactNode; className?: string }) => (
  <dl className={cn("grid gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card", className)}>
    {children}
  </dl>
);

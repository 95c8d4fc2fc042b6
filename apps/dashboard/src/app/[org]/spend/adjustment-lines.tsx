import type { LateLine } from "@tollgate/control/usage/schemas";
import { Money } from "@/components/ui/money.tsx";
import { formatCount } from "@/lib/format-count.ts";
import { formatMonth } from "@/lib/format-month.ts";

const counted = (count: number, what: string): string[] => (count > 0 ? [`${formatCount(count)} ${what}`] : []);

/** What of the figures belongs to months that were closed already. */
export function AdjustmentLines({ lines }: { lines: readonly LateLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label="Adjustments" className="rounded-lg border border-line bg-sunken px-4 py-2.5 text-sm">
      <p className="text-faint text-xs">Included above: what came after its month was closed</p>
      <ul className="grid gap-0.5 pt-1">
        {lines.map(({ month, late, rerated, costUsd }) => (
          <li key={month} className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{formatMonth(month)}</span>
            <span className="text-soft">
              {[...counted(late, late === 1 ? "late request" : "late requests"), ...counted(rerated, "re-rated")].join(
                ", ",
              )}
            </span>
            <Money usd={costUsd} className="ml-auto" />
          </li>
        ))}
      </ul>
    </section>
  );
}

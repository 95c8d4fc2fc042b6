import type { LateLine, Spend } from "@tollgate/control/reports/schemas";
import { Money } from "@/components/ui/money.tsx";
import { formatCount } from "@/lib/format-count.ts";
import { formatMonth } from "@/lib/format-month.ts";

const counted = (count: number, what: string): string[] => (count > 0 ? [`${formatCount(count)} ${what}`] : []);

const Lines = ({ title, lines }: { title: string; lines: readonly LateLine[] }) => (
  <section aria-label={title} className="rounded-lg border border-line bg-sunken px-4 py-2.5 text-sm">
    <h2 className="text-faint text-xs">{title}</h2>
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

/** The part of the amounts that belongs to closed months, and the late part of a closed month that is not included. */
export const AdjustmentLines = ({ adjustments, later }: Pick<Spend, "adjustments" | "later">) => (
  <>
    {adjustments.length > 0 ? (
      <Lines title="Included above: late adjustments of closed months" lines={adjustments} />
    ) : null}
    {later ? (
      <Lines title="Not included: late adjustments of this month, which count in later months" lines={[later]} />
    ) : null}
  </>
);

import type { Spend } from "@tollgate/control/reports/schemas";
import { Time } from "@/components/ui/time.tsx";
import { formatCount } from "@/lib/format-count.ts";
import { formatMonth } from "@/lib/format-month.ts";

/** What the reader must know to add up figures by tag, customer, run, end user or cost centre. */
export function AttributionNote({ attribution, rows }: Pick<Spend, "attribution" | "rows">) {
  if (!attribution) return null;
  const { overlaps, fullMonths, completeSince } = attribution;
  const others = rows.find(({ groupId }) => groupId === "*unregistered")?.label;
  return (
    <div className="grid gap-1 text-faint text-xs">
      {overlaps ? <p>A call counts on each of its tags, so the rows do not add up to the total.</p> : null}
      {others
        ? fullMonths.map(({ month, values }) => (
            <p key={month}>
              In {formatMonth(month)} (UTC) the first {formatCount(values)} are shown by name, and later ones together
              as “{others}”.
            </p>
          ))
        : null}
      {completeSince ? (
        <p>
          Figures from before <Time at={completeSince} /> are still being computed.
        </p>
      ) : null}
    </div>
  );
}

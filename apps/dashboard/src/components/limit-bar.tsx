import type { Limit } from "@tollgate/control/limits/schemas";
import { ProgressBar } from "@/components/ui/progress-bar.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatCount, formatShare } from "@/lib/format-count.ts";
import { bareAmount, limitShare, limitSubject } from "@/lib/format-limit.ts";

function Reset({ limit: { unit, resetsAt } }: { limit: Limit }) {
  if (unit === "concurrent") return null;
  if (!resetsAt) return "never resets";
  return (
    <>
      resets <Time at={resetsAt} />
    </>
  );
}

/** How much of a limit is used, what is left and when it resets. */
export function LimitBar({ limit }: { limit: Limit }) {
  const share = limitShare(limit);
  return (
    <div className="grid gap-1.5">
      <ProgressBar share={share} label={`${limitSubject(limit)}: ${formatShare(share)} used`} />
      <div className="flex flex-wrap justify-between gap-x-4 text-soft text-xs tabular-nums">
        <span>
          <span className="text-ink">{bareAmount(limit.unit, limit.spent)}</span>{" "}
          {limit.unit === "usd" ? "spent" : limit.unit === "concurrent" ? "under way" : "used"}
          {limit.unpriced > 0 ? (
            <span className="text-warn" title="Their price is not known: each counts with the amount held for it">
              {" "}
              + {formatCount(limit.unpriced)} unpriced
            </span>
          ) : null}{" "}
          · {bareAmount(limit.unit, limit.left)} left
        </span>
        <span className="text-faint">
          <Reset limit={limit} />
        </span>
      </div>
    </div>
  );
}

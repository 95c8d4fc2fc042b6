import type { RequestDetail } from "@tollgate/control/reports/schemas";
import { cn } from "@/lib/cn.ts";
import { formatDuration } from "@/lib/format-count.ts";

interface Lane {
  id: string;
  label: string;
  fromMs: number;
  forMs: number;
  tone: string;
}

function lanesOf({ attempts, totalMs, firstTokenMs }: RequestDetail): Lane[] {
  const lanes: Lane[] = [{ id: "total", label: "Whole request", fromMs: 0, forMs: totalMs, tone: "bg-line-strong" }];
  for (const [index, attempt] of attempts.entries()) {
    lanes.push({
      id: `attempt-${index}`,
      label: `${index + 1}. ${attempt.provider}`,
      fromMs: attempt.startedMs,
      forMs: attempt.durationMs,
      tone: attempt.error ? "bg-danger" : "bg-accent",
    });
  }
  if (firstTokenMs !== null) {
    lanes.push({ id: "first", label: "Until first token", fromMs: 0, forMs: firstTokenMs, tone: "bg-chart-2" });
  }
  return lanes;
}

/** Start and duration of each part, on one scale. */
export function Waterfall({ story }: { story: RequestDetail }) {
  const scale = Math.max(
    story.totalMs,
    ...story.attempts.map((attempt) => attempt.startedMs + attempt.durationMs),
    0.001,
  );
  return (
    <div className="grid gap-1.5">
      <ul className="grid gap-1.5">
        {lanesOf(story).map((lane) => (
          <li key={lane.id} className="grid grid-cols-[8.5rem_minmax(0,1fr)_4.5rem] items-center gap-3 text-xs">
            <span className="truncate text-soft">{lane.label}</span>
            <span className="relative h-2 rounded-full bg-hover" aria-hidden>
              <span
                className={cn("absolute inset-y-0 min-w-0.5 rounded-full", lane.tone)}
                style={{ left: `${(lane.fromMs / scale) * 100}%`, width: `${(lane.forMs / scale) * 100}%` }}
              />
            </span>
            <span className="text-right tabular-nums">{formatDuration(lane.forMs)}</span>
          </li>
        ))}
      </ul>
      <p className="text-faint text-xs">Tollgate added {formatDuration(story.overheadMs)}.</p>
    </div>
  );
}

import { SKIPPED_BY_LIMIT } from "@tollgate/contracts/usage-event";
import type { RequestDetail } from "@tollgate/control/reports/schemas";
import { StatusBadge } from "@/components/status-badge.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Money } from "@/components/ui/money.tsx";
import { formatDuration } from "@/lib/format-count.ts";

type Attempts = RequestDetail["attempts"];

/** The calls to providers in order, with the reasons for failures. */
export function AttemptsList({ attempts, isBatch }: { attempts: Attempts; isBatch: boolean }) {
  if (attempts.length === 0)
    return (
      <p className="text-faint">{isBatch ? "Its provider runs it as a batch." : "It was not sent to a provider."}</p>
    );
  return (
    <ol className="grid gap-2">
      {attempts.map((attempt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attempts are written once and never move
        <li key={index} className="rounded-md border border-line px-3 py-2">
          <div className="flex flex-wrap items-center gap-2">
            <span className="text-faint tabular-nums">{index + 1}.</span>
            <span className="font-medium">{attempt.provider}</span>
            <span className="min-w-0 truncate font-mono text-soft text-xs">{attempt.upstreamModel}</span>
            {attempt.answeredModel ? (
              <span className="min-w-0 truncate text-soft text-xs">
                answered by <span className="font-mono">{attempt.answeredModel}</span>
              </span>
            ) : null}
            {attempt.served?.map((service) => (
              <Badge key={service}>{service}</Badge>
            ))}
            <span className="ml-auto flex items-center gap-2 text-soft text-xs tabular-nums">
              {attempt.costUsd === null ? null : <Money usd={attempt.costUsd} />}
              {formatDuration(attempt.durationMs)}
              {attempt.error === SKIPPED_BY_LIMIT ? (
                <Badge tone="warn">skipped</Badge>
              ) : attempt.status === 0 ? (
                <Badge tone="danger">no answer</Badge>
              ) : (
                <StatusBadge status={attempt.status} />
              )}
            </span>
          </div>
          {attempt.computedUsd === undefined ? null : (
            <p className="mt-1 text-faint text-xs">
              Cost as the provider reports it. At our price:{" "}
              {attempt.computedUsd === null ? "unknown" : <Money usd={attempt.computedUsd} />}
            </p>
          )}
          {attempt.error ? (
            <p className="mt-1 text-danger text-xs">
              <span className="font-mono">{attempt.error}</span>
              {attempt.message ? ` · ${attempt.message}` : ""}
            </p>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

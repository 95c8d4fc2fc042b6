import type { Overview } from "@tollgate/control/reports/schemas";
import { Sparkline } from "@/components/charts/sparkline.tsx";
import { Change, Stat, StatRow } from "@/components/stat.tsx";
import { Money } from "@/components/ui/money.tsx";
import { formatCount, formatDuration, formatShare } from "@/lib/format-count.ts";

interface Props {
  overview: Overview;
  /** `previous 24h`. */
  period: string;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const duration = (ms: number | null) => (ms === null ? "–" : formatDuration(ms));

/** The numbers of this period, compared with the previous one. */
export function OverviewStats({ overview: { current, previous, series }, period }: Props) {
  const line = "h-7 w-full self-end";
  return (
    <StatRow className="grid-cols-2 lg:grid-cols-3 xl:grid-cols-6">
      <Stat
        label="Spend"
        value={<Money usd={current.costUsd} short />}
        change={<Change now={Number(current.costUsd)} before={Number(previous.costUsd)} period={period} />}
        chart={<Sparkline values={series.map(({ costUsd }) => Number(costUsd))} className={line} />}
      />
      <Stat
        label="Requests"
        value={formatCount(current.requests)}
        change={<Change now={current.requests} before={previous.requests} period={period} />}
        chart={<Sparkline values={series.map(({ requests }) => requests)} className={line} />}
      />
      <Stat
        label="Errors"
        value={
          <>
            {formatCount(current.errors)}{" "}
            <span className="font-normal text-faint text-sm">
              {formatShare(share(current.errors, current.requests))}
            </span>
          </>
        }
        change={
          <Change
            now={share(current.errors, current.requests)}
            before={share(previous.errors, previous.requests)}
            good="down"
            period={period}
          />
        }
        chart={<Sparkline values={series.map(({ errors }) => errors)} className={line} />}
      />
      <Stat
        label="Latency, p50"
        value={duration(current.p50Ms)}
        change={<Change now={current.p50Ms} before={previous.p50Ms} good="down" period={period} />}
      />
      <Stat
        label="Latency, p95"
        value={duration(current.p95Ms)}
        change={<Change now={current.p95Ms} before={previous.p95Ms} good="down" period={period} />}
      />
      <Stat
        label="First token, p50"
        value={duration(current.firstTokenP50Ms)}
        change={<Change now={current.firstTokenP50Ms} before={previous.firstTokenP50Ms} good="down" period={period} />}
      />
    </StatRow>
  );
}

import type { Tx } from "@tollgate/db/with-tenant";
import { arrayText, instantsText } from "./array-text.ts";
import { alignRange, type Kept } from "./kept.ts";
import { piecesOf } from "./pieces.ts";
import type { Range } from "./slots.ts";
import { startsOf } from "./spans.ts";

interface Bucket {
  kind: string;
  bucket: number;
  count: number;
}

/** Milliseconds; null when there is no request. */
export interface Percentiles {
  p50Ms: number | null;
  p95Ms: number | null;
  firstTokenP50Ms: number | null;
}

/** Bucket b holds [2^(b/4), 2^((b+1)/4)) ms. Within a bucket, the logarithms of values are assumed to be evenly spread. */
function percentile(buckets: readonly Bucket[], share: number): number | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { bucket, count } of buckets) {
    if (below + count >= share * total) {
      const inside = (share * total - below) / count;
      return Math.round(2 ** ((bucket + inside) / 4) * 10) / 10;
    }
    below += count;
  }
  return null;
}

/** Read from the histograms by hour, and those of days and months that are over, so the range is extended to whole slots. */
export async function percentilesOf(tx: Tx, orgId: string, range: Range, kept: Kept): Promise<Percentiles> {
  const byHour = { ...kept, minuteMs: Number.POSITIVE_INFINITY };
  const { fromMs, toMs } = alignRange(range, byHour);
  const spans = ["hour", "total", "month"] as const;
  const pieces = piecesOf([fromMs, toMs], { spans, kept: byHour, totals: kept, subtract: true });
  const totals = (["total", "month"] as const).flatMap((span) =>
    pieces[span].flatMap(({ sign, fromMs, toMs }) =>
      startsOf(span, fromMs, toMs).map((ms) => ({ sign, ms, span: span === "total" ? "day" : "month" })),
    ),
  );
  const buckets = await tx.$queryRaw<Bucket[]>`
    select kind, bucket, sum(sign * count)::float8 as count from (
      select sums.kind, sums.bucket, piece.sign, sums.count
      from unnest(
        ${arrayText(pieces.hour.map(({ sign }) => sign))}::integer[], ${instantsText(pieces.hour.map(({ fromMs }) => fromMs))}::timestamptz[],
        ${instantsText(pieces.hour.map(({ toMs }) => toMs))}::timestamptz[]
      ) as piece (sign, since, until)
      cross join lateral (
        select kind, bucket, sum(count) as count from usage_latency
        where org_id = ${orgId}::uuid and slot >= piece.since and slot < piece.until group by kind, bucket
      ) as sums
      union all
      select replace(sums.kind, 'latency_', ''), sums.bucket, piece.sign, sums.count
      from unnest(
        ${arrayText(totals.map(({ sign }) => sign))}::integer[], ${arrayText(totals.map(({ span }) => span))}::text[],
        ${instantsText(totals.map(({ ms }) => ms))}::timestamptz[]
      ) as piece (sign, span, slot)
      cross join lateral (
        select kind, group_id::integer as bucket, sum(requests) as count from usage_total
        where org_id = ${orgId}::uuid and kind = any('{latency_total,latency_first_token}') and span = piece.span and slot = piece.slot
        group by kind, group_id
      ) as sums
    ) as counts
    group by kind, bucket having sum(sign * count) <> 0 order by bucket`;
  const total = buckets.filter(({ kind }) => kind === "total");
  const firstToken = buckets.filter(({ kind }) => kind === "first_token");
  return {
    p50Ms: percentile(total, 0.5),
    p95Ms: percentile(total, 0.95),
    firstTokenP50Ms: percentile(firstToken, 0.5),
  };
}

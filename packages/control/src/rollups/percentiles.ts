import type { Tx } from "@tollgate/db/with-tenant";
import { hourSlotStart, type Range } from "./slots.ts";

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

/** Read from the hourly histograms, so the range starts at the beginning of its first slot. */
export async function percentilesOf(tx: Tx, orgId: string, { fromMs, toMs }: Range): Promise<Percentiles> {
  const since = new Date(hourSlotStart(fromMs));
  const buckets = await tx.$queryRaw<Bucket[]>`
    select kind, bucket, sum(count)::float8 as count from usage_latency
    where org_id = ${orgId}::uuid and slot >= ${since}::timestamptz and slot < ${new Date(toMs)}::timestamptz
    group by kind, bucket order by bucket`;
  const total = buckets.filter(({ kind }) => kind === "total");
  const firstToken = buckets.filter(({ kind }) => kind === "first_token");
  return {
    p50Ms: percentile(total, 0.5),
    p95Ms: percentile(total, 0.95),
    firstTokenP50Ms: percentile(firstToken, 0.5),
  };
}

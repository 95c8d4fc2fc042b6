import type { Metric, MetricValueWithName, Registry } from "prom-client";

export interface DurationsOptions {
  name: string;
  help: string;
  /** Upper bounds of the buckets, in seconds, ascending. */
  buckets: readonly number[];
  registers: Registry[];
}

type Value = MetricValueWithName<"le">;

/** A Prometheus histogram of seconds. Recording costs two additions; the Prometheus format is built when it is read. */
export function openDurations({ name, help, buckets, registers }: DurationsOptions): (seconds: number) => void {
  const counts = new Array<number>(buckets.length + 1).fill(0);
  let sum = 0;
  async function get() {
    let count = 0;
    const values = counts.map((own, at): Value => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: buckets[at] ?? "+Inf" }, value: count };
    });
    values.push({ metricName: `${name}_sum`, labels: {}, value: sum });
    values.push({ metricName: `${name}_count`, labels: {}, value: count });
    return { name, help, type: "histogram", aggregator: "sum", values };
  }
  // A registry needs only these members; the library's types allow only its own classes.
  const metric = { name, get } as unknown as Metric;
  for (const registry of registers) registry.registerMetric(metric);
  return (seconds) => {
    let at = 0;
    while (at < buckets.length && seconds > (buckets[at] as number)) at += 1;
    counts[at] = (counts[at] ?? 0) + 1;
    sum += seconds;
  };
}

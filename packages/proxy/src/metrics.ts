import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { PolicyAge } from "./directory/freshness.ts";
import { observePolicy } from "./metrics/observe-policy.ts";
import { observeSpool } from "./spool/observe.ts";
import type { SpoolStatus } from "./spool/spool.ts";

export interface Metrics {
  /** One call is over. */
  finished(event: UsageEvent): void;
  /** A refusal without an event: it had no tenant. */
  refused(status: number): void;
  /** A credential's box did not open, and why. */
  unopenable(fault: string): void;
  /** Prometheus text. */
  text(): Promise<string>;
  contentType: string;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** What is asked anew for each reading. */
export interface MetricSources {
  policy?: (most: number) => PolicyAge;
  spool?: () => SpoolStatus;
  /** Whether Postgres confirms that this process may decide about blocking limits. */
  ownsLimits?: () => boolean;
}

/** Labels are few and bounded: no key or caller's word ever becomes a series. */
export function openMetrics({ policy, spool, ownsLimits = () => true }: MetricSources = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "tollgate_" });
  const requests = new Counter({
    name: "tollgate_requests_total",
    help: "Calls by what the client was told.",
    labelNames: ["status", "provider", "cache"],
    registers,
  });
  const attempts = new Counter({
    name: "tollgate_attempts_total",
    help: "Upstream attempts by provider and result.",
    labelNames: ["provider", "result"],
    registers,
  });
  const duration = new Histogram({
    name: "tollgate_request_seconds",
    help: "Arrival to last byte.",
    buckets: SECONDS,
    registers,
  });
  const overhead = new Histogram({
    name: "tollgate_overhead_seconds",
    help: "Time spent by the gateway itself.",
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 1],
    registers,
  });
  const unopenable = new Counter({
    name: "tollgate_credential_refusals_total",
    help: "Attempts not made because the credential's box does not open, or was not entered for this origin.",
    labelNames: ["fault"],
    registers,
  });
  if (policy) observePolicy(registers, policy);
  if (spool) observeSpool(registers, spool);
  new Gauge({
    name: "tollgate_limits_confirmed",
    help: "1 while Postgres confirms that this process may admit calls under blocking limits.",
    registers,
    collect() {
      this.set(ownsLimits() ? 1 : 0);
    },
  });
  return {
    finished(event) {
      requests.inc({ status: String(event.status), provider: event.provider ?? "none", cache: event.cache });
      for (const { provider, error } of event.attempts) attempts.inc({ provider, result: error ?? "ok" });
      duration.observe(event.totalMs / 1000);
      overhead.observe(event.overheadMs / 1000);
    },
    refused(status) {
      requests.inc({ status: String(status), provider: "none", cache: "off" });
    },
    unopenable(fault) {
      unopenable.inc({ fault });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

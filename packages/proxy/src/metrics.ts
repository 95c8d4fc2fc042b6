import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { LimitStore } from "@tollgate/limits/store";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { PolicyAge } from "./directory/freshness.ts";
import { openDurations } from "./metrics/durations.ts";
import { measureLimits } from "./metrics/measure-limits.ts";
import { observeBreakers } from "./metrics/observe-breakers.ts";
import { observePolicy } from "./metrics/observe-policy.ts";
import { observeTasks } from "./metrics/observe-tasks.ts";
import { observeUse } from "./metrics/observe-use.ts";
import { openTally } from "./metrics/tally.ts";
import type { Resting } from "./routing/breaker.ts";
import { observeSpool } from "./spool/observe.ts";
import type { SpoolStatus } from "./spool/status.ts";

export interface Metrics {
  /** Records a finished call. */
  finished(event: UsageEvent): void;
  /** Records a refusal without a usage event, because its tenant is unknown. */
  refused(status: number, code: string | null): void;
  /** Records that a credential could not be opened, with the reason. */
  unopenable(fault: string): void;
  /** Records a finished task from the dashboard. */
  taskEnded(kind: string, outcome: string): void;
  /** Wraps the store to measure it. Call once. */
  measureLimits(store: LimitStore): LimitStore;
  /** Prometheus text. */
  text(): Promise<string>;
  contentType: string;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Values that are computed at each scrape. */
export interface MetricSources {
  policy?: (most: number) => PolicyAge;
  spool?: () => SpoolStatus;
  /** Targets and credentials whose breaker is open or half-open. */
  resting?: () => Resting[];
  /** Number of running calls. */
  active?: () => number;
  /** Whether Postgres confirms that this process may decide about blocking limits. */
  ownsLimits?: () => boolean;
  /** Age in milliseconds of the oldest waiting task from the dashboard, of all proxies; null when there is none. */
  oldestTaskMs?: () => Promise<number | null>;
}

/** Label values are few and bounded. Keys and texts of callers never become labels. */
export function openMetrics(sources: MetricSources = {}): Metrics {
  const { policy, spool, resting, active, ownsLimits = () => true, oldestTaskMs = async () => null } = sources;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "tollgate_" });
  const requested = openTally({
    name: "tollgate_requests_total",
    help: "Calls by the status that the client got.",
    labelNames: ["status", "provider", "cache"],
    registers,
  });
  const attempted = openTally({
    name: "tollgate_attempts_total",
    help: "Upstream attempts by provider and result.",
    labelNames: ["provider", "result"],
    registers,
  });
  const refused = openTally({
    name: "tollgate_refusals_total",
    help: "Calls that were refused or failed, by error code.",
    labelNames: ["code"],
    registers,
  });
  const used = observeUse(registers);
  const duration = openDurations({
    name: "tollgate_request_seconds",
    help: "Time from arrival to the last byte.",
    buckets: SECONDS,
    registers,
  });
  const overhead = openDurations({
    name: "tollgate_overhead_seconds",
    help: "Time spent by the gateway itself.",
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 1],
    registers,
  });
  const firstToken = openDurations({
    name: "tollgate_first_token_seconds",
    help: "Time from arrival to the first byte of a streamed answer.",
    buckets: SECONDS,
    registers,
  });
  const unopenable = openTally({
    name: "tollgate_credential_refusals_total",
    help: "Attempts not made because the credential cannot be opened or was not entered for this origin.",
    labelNames: ["fault"],
    registers,
  });
  if (policy) observePolicy(registers, policy);
  if (spool) observeSpool(registers, spool);
  if (resting) observeBreakers(registers, resting);
  if (active)
    new Gauge({
      name: "tollgate_calls_in_flight",
      help: "Running calls, including those answered and not recorded yet.",
      registers,
      collect() {
        this.set(active());
      },
    });
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
      requested(String(event.status), event.provider ?? "none", event.cache);
      for (const { provider, error } of event.attempts) attempted(provider, error ?? "ok");
      if (event.error !== null) refused(event.error);
      used(event);
      duration(event.totalMs / 1000);
      overhead(event.overheadMs / 1000);
      if (event.stream && event.firstTokenMs !== null) firstToken(event.firstTokenMs / 1000);
    },
    refused(status, code) {
      requested(String(status), "none", "off");
      if (code !== null) refused(code);
    },
    unopenable,
    taskEnded: observeTasks(registers, oldestTaskMs),
    measureLimits: (store) => measureLimits(store, registers),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

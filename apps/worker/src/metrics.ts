import type { Difference } from "@tollgate/control/rollups/difference";
import type { JobName } from "@tollgate/jobs/catalog";
import type { QueueState } from "@tollgate/jobs/observe";
import { addBuildInfo } from "@tollgate/service/build-info";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface WorkerMetrics {
  /** Records an attempt at a job. */
  job(name: JobName, seconds: number, ok: boolean): void;
  /** Records a batch. `unproven`: events without a valid MAC, which are not recorded. */
  ingested(events: { inserted: number; quarantined: number; unproven: number }): void;
  partitionsDropped(count: number): void;
  /** Records how many events are in quarantine. */
  quarantine(events: number): void;
  reconciled(difference: Pick<Difference, "table" | "rows">): void;
  /** Records a proxy's report of a task. */
  taskResult(stored: string): void;
  alertsRaised(count: number): void;
  delivery(outcome: string): void;
  queues(states: readonly QueueState[]): void;
  text(): Promise<string>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Labels have few, bounded values. No label contains a tenant. */
export function openMetrics(): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "tollgate_" });
  addBuildInfo(registry, "worker");
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers });

  const jobs = counter("tollgate_jobs_total", "Attempts at jobs, by job and result.", ["job", "result"]);
  const seconds = new Histogram({
    name: "tollgate_job_seconds",
    help: "Duration of an attempt at a job.",
    labelNames: ["job"],
    buckets: SECONDS,
    registers,
  });
  const succeededAt = gauge(
    "tollgate_job_last_success_timestamp_seconds",
    "Time of this worker's last successful attempt at a job.",
    ["job"],
  );
  const events = counter("tollgate_ingest_events_total", "Usage events that ingest read, by result.", ["result"]);
  const dropped = counter(
    "tollgate_partitions_dropped_total",
    "Partitions of the ledger dropped at the end of their retention.",
  );
  const quarantined = gauge(
    "tollgate_quarantine_events",
    "Usage events that could not be recorded, in usage_quarantine; counted once a minute.",
    [],
  );
  const differences = counter(
    "tollgate_reconcile_differences_total",
    "Rows that differed from the ledger's events, by table. All were corrected, except in closed months.",
    ["table"],
  );
  const taskResults = counter("tollgate_task_results_total", "Task results that proxies reported, by outcome.", [
    "result",
  ]);
  const raised = counter("tollgate_alerts_raised_total", "Alerts that this worker raised, without those of ingest.");
  const deliveries = counter("tollgate_alert_deliveries_total", "Attempts to deliver an alert, by outcome.", [
    "outcome",
  ]);
  const depth = gauge("tollgate_queue_jobs", "Jobs in each queue, by state.", ["queue", "state"]);
  const lag = gauge(
    "tollgate_queue_oldest_waiting_seconds",
    "Age of the oldest waiting job, by queue; 0 if none waits.",
    ["queue"],
  );
  return {
    job(job, took, ok) {
      jobs.inc({ job, result: ok ? "ok" : "failed" });
      seconds.observe({ job }, took);
      if (ok) succeededAt.setToCurrentTime({ job });
    },
    ingested({ inserted, quarantined, unproven }) {
      events.inc({ result: "inserted" }, inserted);
      events.inc({ result: "quarantined" }, quarantined);
      events.inc({ result: "unproven" }, unproven);
    },
    partitionsDropped: (count) => dropped.inc(count),
    quarantine: (events) => quarantined.set(events),
    reconciled: ({ table, rows }) => differences.inc({ table }, rows),
    taskResult: (result) => taskResults.inc({ result }),
    alertsRaised: (count) => raised.inc(count),
    delivery: (outcome) => deliveries.inc({ outcome }),
    queues(states) {
      for (const { queue, jobs: counts, oldestWaitingMs } of states) {
        for (const [state, count] of Object.entries(counts)) depth.set({ queue, state }, count);
        lag.set({ queue }, oldestWaitingMs / 1_000);
      }
    },
    text: () => registry.metrics(),
  };
}

import { Gauge, type Registry } from "prom-client";
import { openTally } from "./tally.ts";

/** Metrics of tasks from the dashboard. `oldestMs` queries Postgres; without an answer the series has no value. */
export function observeTasks(
  registers: Registry[],
  oldestMs: () => Promise<number | null>,
): (kind: string, outcome: string) => void {
  new Gauge({
    name: "tollgate_task_oldest_seconds",
    help: "Age of the oldest waiting task in the whole installation; 0 when there is none.",
    registers,
    async collect() {
      const age = await oldestMs().catch(() => Number.NaN);
      this.set((age ?? 0) / 1000);
    },
  });
  return openTally({
    name: "tollgate_tasks_total",
    help: "Tasks that this process has ended, by kind and outcome.",
    labelNames: ["kind", "outcome"],
    registers,
  });
}

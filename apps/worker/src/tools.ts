import type { Alerts } from "@tollgate/control/alerts/open-alerts";
import type { Ledger } from "@tollgate/control/ledger/open-ledger";
import type { TaskResults } from "@tollgate/control/tasks/open-task-results";
import type { Logger } from "pino";
import type { WorkerMetrics } from "./metrics.ts";

/** What a handler may use. */
export interface Tools {
  ledger: Ledger;
  alerts: Alerts;
  taskResults: TaskResults;
  log: Logger;
  metrics: WorkerMetrics;
  /** Signs audit entries; null: there is none. */
  auditKey: Buffer | null;
  /** How long the installation keeps requests and alerts. */
  retentionDays: number;
}

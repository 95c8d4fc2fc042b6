import type { Alerts } from "@tollgate/control/alerts/open-alerts";
import type { Ledger } from "@tollgate/control/usage/open-ledger";
import type { Handlers } from "@tollgate/jobs/runtime";
import type { Logger } from "pino";
import { alertsDeliver } from "./handlers/alerts-deliver.ts";
import { alertsHandOut } from "./handlers/alerts-hand-out.ts";
import { alertsLook } from "./handlers/alerts-look.ts";
import { usageIngest } from "./handlers/usage-ingest.ts";
import { usagePartitions } from "./handlers/usage-partitions.ts";
import { usageReconcile } from "./handlers/usage-reconcile.ts";

/** What a handler may use. */
export interface Tools {
  ledger: Ledger;
  alerts: Alerts;
  log: Logger;
}

/** One line per job of the catalogue. */
export const handlers = (tools: Tools): Handlers => ({
  "usage.ingest": usageIngest(tools),
  "usage.partitions": usagePartitions(tools),
  "usage.reconcile": usageReconcile(tools),
  "alerts.look": alertsLook(tools),
  "alerts.hand-out": alertsHandOut(tools),
  "alerts.deliver": alertsDeliver(tools),
});

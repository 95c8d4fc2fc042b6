import { verb } from "../verb.ts";
import { requestMaintenance } from "./request-maintenance.ts";
import { Maintenance, Reconcile } from "./schemas.ts";

/** Requests what also runs every hour: compares roll-ups and counters with the events, and corrects differences. */
export const reconcileUsage = verb({
  name: "usage.reconcile",
  action: "ledger:maintain",
  input: Reconcile,
  output: Maintenance,
  http: { method: "POST", path: "/usage/reconcile", status: 202 },
  run: (work) => requestMaintenance(work, { kind: "reconcile", ...work.input }),
});

import { verb } from "../verb.ts";
import { requestMaintenance } from "./request-maintenance.ts";
import { Maintenance, Rerate } from "./schemas.ts";

/**
 * Requests that calls are priced again if their price was unknown or an own price applies to them. The events stay as they
 * are: an adjustment for each records the difference.
 */
export const rerateUsage = verb({
  name: "usage.rerate",
  action: "ledger:maintain",
  input: Rerate,
  output: Maintenance,
  http: { method: "POST", path: "/usage/rerate", status: 202 },
  run: (work) => requestMaintenance(work, { kind: "rerate", ...work.input }),
});

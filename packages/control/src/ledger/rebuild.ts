import { verb } from "../verb.ts";
import { requestMaintenance } from "./request-maintenance.ts";
import { Maintenance, Rebuild } from "./schemas.ts";

/** Requests that the roll-ups of these days are deleted and computed again from the ledger. */
export const rebuildUsage = verb({
  name: "usage.rebuild",
  action: "ledger:maintain",
  input: Rebuild,
  output: Maintenance,
  http: { method: "POST", path: "/usage/rebuild", status: 202 },
  run: (work) => requestMaintenance(work, { kind: "rebuild", ...work.input }),
});

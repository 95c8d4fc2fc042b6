import { verb } from "../verb.ts";
import { askBookkeeping } from "./ask-bookkeeping.ts";
import { Bookkeeping, Reconcile } from "./schemas.ts";

/** Requests what also runs every hour: compares roll-ups and counters with the events, and corrects differences. */
export const reconcileUsage = verb({
  name: "usage.reconcile",
  action: "books:keep",
  input: Reconcile,
  output: Bookkeeping,
  http: { method: "POST", path: "/usage/reconcile", status: 202 },
  run: (work) => askBookkeeping(work, { kind: "reconcile", ...work.input }),
});

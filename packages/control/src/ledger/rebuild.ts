import { verb } from "../verb.ts";
import { askBookkeeping } from "./ask-bookkeeping.ts";
import { Bookkeeping, Rebuild } from "./schemas.ts";

/** Requests that the roll-ups of these days are deleted and computed again from the ledger. */
export const rebuildUsage = verb({
  name: "usage.rebuild",
  action: "books:keep",
  input: Rebuild,
  output: Bookkeeping,
  http: { method: "POST", path: "/usage/rebuild", status: 202 },
  run: (work) => askBookkeeping(work, { kind: "rebuild", ...work.input }),
});

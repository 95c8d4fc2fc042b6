import { verb } from "../verb.ts";
import { askBooks } from "./ask-bookkeeping.ts";
import { Bookkeeping, Rebuild } from "./schemas.ts";

/** Asks for the roll-ups of these days to be dropped and made again from their events. */
export const rebuildUsage = verb({
  name: "usage.rebuild",
  action: "books:keep",
  input: Rebuild,
  output: Bookkeeping,
  http: { method: "POST", path: "/usage/rebuild", status: 202 },
  run: (work) => askBooks(work, { kind: "rebuild", ...work.input }),
});

import { verb } from "../verb.ts";
import { askBooks } from "./ask-books.ts";
import { Bookkeeping, Reconcile } from "./books-schemas.ts";

/** Asks for what happens every hour by itself: the books held against the events, and put right where they differ. */
export const reconcileUsage = verb({
  name: "usage.reconcile",
  action: "books:keep",
  input: Reconcile,
  output: Bookkeeping,
  http: { method: "POST", path: "/usage/reconcile", status: 202 },
  run: (work) => askBooks(work, { kind: "reconcile", ...work.input }),
});

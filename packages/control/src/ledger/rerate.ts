import { verb } from "../verb.ts";
import { askBookkeeping } from "./ask-bookkeeping.ts";
import { Bookkeeping, Rerate } from "./schemas.ts";

/**
 * Requests that calls are priced again if their price was unknown or an own price applies to them. The events stay as they
 * are: an adjustment beside each records the difference.
 */
export const rerateUsage = verb({
  name: "usage.rerate",
  action: "books:keep",
  input: Rerate,
  output: Bookkeeping,
  http: { method: "POST", path: "/usage/rerate", status: 202 },
  run: (work) => askBookkeeping(work, { kind: "rerate", ...work.input }),
});

import { verb } from "../verb.ts";
import { askBooks } from "./ask-bookkeeping.ts";
import { Bookkeeping, Rerate } from "./schemas.ts";

/**
 * Asks for requests whose price was unknown, or on which an own price now bears, to be priced anew. They stay as they
 * are: an adjustment beside each says what it differs by.
 */
export const rerateUsage = verb({
  name: "usage.rerate",
  action: "books:keep",
  input: Rerate,
  output: Bookkeeping,
  http: { method: "POST", path: "/usage/rerate", status: 202 },
  run: (work) => askBooks(work, { kind: "rerate", ...work.input }),
});

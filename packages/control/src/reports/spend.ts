import { verb } from "../verb.ts";
import { GetSpend, Spend } from "./schemas.ts";
import { spendOf } from "./spend-of.ts";

/** Spend by slot and group. */
export const getSpend = verb({
  name: "usage.spend",
  action: "usage:spend",
  input: GetSpend,
  output: Spend,
  http: { method: "GET", path: "/usage/spend" },
  run: (work) => spendOf(work),
});

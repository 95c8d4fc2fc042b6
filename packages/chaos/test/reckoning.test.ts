import type { Seen } from "@tollgate/testkit/provider";
import { expect, test } from "vitest";
import { brokenRules, type EventRow, type Reckoned } from "../src/reckoning.ts";

const bills = { input: 100, output: 10, cacheRead: 40, cacheWrite: 0, reasoning: 0 };
const event: EventRow = {
  id: "an id",
  name: "call 1",
  outcome: "complete",
  source: "provider",
  status: 200,
  error: null,
  // 60 × 150 + 40 × 75 + 10 × 600
  cost: "18000",
  held: "50000",
  input: 100,
  cached: 40,
  output: 10,
};
const client = { name: "call 1", status: 200, isWhole: true, requestId: "an id" } as Reckoned["client"];
const seen = { order: 1, bills } as Seen;

const rules = (call: Partial<Reckoned>): string[] =>
  Object.keys(brokenRules([{ client, seen: [seen], events: [event], ...call }])).map((name) => name.slice(0, 20));

test("records that agree break no rule", () => {
  expect(rules({})).toEqual([]);
});

test.each<[string, Partial<Reckoned>, string[]]>([
  ["missing in the ledger", { events: [] }, ["1: every call that w"]],
  ["twice in the ledger", { events: [event, event] }, ["1: no call has two e"]],
  ["recorded under another id", { events: [{ ...event, id: "another id" }] }, ["1: a completely rece"]],
  ["one nano-dollar too expensive", { events: [{ ...event, cost: "18001" }] }, ["7: the ledger's cost"]],
  ["one token short", { events: [{ ...event, input: 99 }] }, ["7: the ledger's cost"]],
  [
    "refused, but sent to the provider",
    { client: { ...client, status: 402 }, events: [{ ...event, outcome: "refused" }] },
    ["7: the ledger's cost"],
  ],
  [
    "interrupted, and charged less than its hold",
    { client: { ...client, isWhole: false }, events: [{ ...event, outcome: "interrupted", source: "estimated" }] },
    ["7: the ledger's cost"],
  ],
])("a call that is %s is found", (_what, call, broken) => {
  expect(rules(call)).toEqual(broken);
});

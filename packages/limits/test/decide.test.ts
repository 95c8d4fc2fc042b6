import type { Limit, LimitSubjects } from "@tollgate/contracts/limit";
import { counterKey } from "@tollgate/limits/counter-key";
import { exceeded, holdEntries } from "@tollgate/limits/decide";
import { expect, test } from "vitest";
import { limit } from "./limit.ts";

const subjects: LimitSubjects = {
  orgId: "o",
  teamId: "t",
  memberId: "m",
  keyId: "k",
  modelId: "d",
  tags: ["env=prod", "app=chat"],
  customer: "acme",
  session: null,
  endUser: null,
  costCentre: null,
};
const atMs = Date.parse("2026-05-20T10:00:00Z");
const amounts = { usd: 7n, tokens: 300n };

const entries = (limits: Limit[]) =>
  holdEntries(limits, { subjects, atMs, zones: { timeZone: "UTC", formerZones: [] }, amounts });

test("a limit has one counter for each subject it counts", () => {
  const limits = [limit({ scope: "tag" }), limit({ scope: "team", subject: "other" }), limit({ scope: "team" })];
  expect(entries(limits).map(({ subject }) => subject)).toEqual(["env=prod", "app=chat", "t"]);
});

test("each unit asks for its own amount", () => {
  const units = (["usd", "requests", "tokens", "concurrent"] as const).map((unit) => limit({ unit }));
  expect(entries(units).map(({ unit, amount }) => [unit, amount])).toEqual([
    ["usd", 7n],
    ["requests", 1n],
    ["tokens", 300n],
    ["concurrent", 1n],
  ]);
});

test("a counter belongs to one limit, subject and window; a concurrency counter has no window", () => {
  const month = Date.parse("2026-05-01T00:00:00Z");
  const budget = limit({ scope: "customer" });
  const slots = limit({ unit: "concurrent", window: "minute" });
  expect(entries([budget, slots])).toMatchObject([
    {
      counter: counterKey(budget.id, month, "acme"),
      startMs: month,
      resetsAtMs: Date.parse("2026-06-01T00:00:00Z"),
      cap: budget.amount,
      limit: budget,
    },
    { counter: counterKey(slots.id, null, ""), resetsAtMs: null },
  ]);
});

test("a total does not count usage before its anchor", () => {
  expect(entries([limit({ window: "total", anchorMs: atMs + 1 })])).toEqual([]);
  expect(entries([limit({ window: "total", anchorMs: atMs })])).toHaveLength(1);
});

test("limits that only warn or record are reported when a request exceeds them", () => {
  const modes = (["block", "warn", "shadow"] as const).map((mode) => limit({ mode, amount: 10n }));
  const warnings = (committed: bigint, held: bigint) =>
    exceeded(
      entries(modes),
      modes.map(() => ({ committed, held })),
    ).map(({ mode }) => mode);
  expect(warnings(3n, 7n)).toEqual([]);
  expect(warnings(3n, 8n)).toEqual(["warn", "shadow"]);
});

test("a used-up limit refuses a request even if it asks for 0", () => {
  const free = entries([limit({ mode: "shadow", unit: "usd", amount: 10n })]).map((entry) => ({
    ...entry,
    amount: 0n,
  }));
  expect(exceeded(free, [{ committed: 9n, held: 0n }])).toEqual([]);
  expect(exceeded(free, [{ committed: 9n, held: 1n }])).toEqual(free);
});

test("the counter of a run is kept for a day longer than the ledger keeps the run", () => {
  const asked = {
    subjects: { ...subjects, session: "run-1" },
    atMs,
    zones: { timeZone: "UTC", formerZones: [] },
    amounts,
  };
  const [run, customer] = holdEntries([limit({ scope: "run", window: "total" }), limit({ scope: "customer" })], asked);
  expect(run).toMatchObject({ subject: "run-1", resetsAtMs: null, keptUntilMs: atMs + 31 * 86_400_000 });
  expect(customer?.keptUntilMs).toBe(null);
});

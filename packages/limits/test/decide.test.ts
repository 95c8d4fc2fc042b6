import type { Limit, LimitScope, LimitSubjects } from "@tollgate/contracts/limit";
import { counterKey, exceeded, holdEntries } from "@tollgate/limits/decide";
import { describe, expect, test } from "vitest";
import { limit } from "./limit.ts";

const subjects: LimitSubjects = {
  orgId: "o",
  teamId: "t",
  memberId: "m",
  keyId: "k",
  modelId: "d",
  tags: ["env=prod", "app=chat"],
  customer: "acme",
};
const nobody: LimitSubjects = { ...subjects, teamId: null, memberId: null, modelId: null, tags: [], customer: null };
const atMs = Date.parse("2026-05-20T10:00:00Z");
const amounts = { usd: 7n, tokens: 300n };

const entries = (limits: Limit[], who = subjects) =>
  holdEntries(limits, { subjects: who, atMs, zones: { timeZone: "UTC", formerZones: [] }, amounts });

describe("a limit falls on a request", () => {
  test.each<[LimitScope, string | null, string[]]>([
    ["organisation", null, [""]],
    ["team", "t", ["t"]],
    ["team", "other", []],
    ["team", null, ["t"]],
    ["member", "m", ["m"]],
    ["member", null, ["m"]],
    ["key", "k", ["k"]],
    ["key", "other", []],
    ["key", null, ["k"]],
    ["model", "d", ["d"]],
    ["model", null, ["d"]],
    ["tag", "app=chat", ["app=chat"]],
    ["tag", "app=other", []],
    ["tag", null, ["env=prod", "app=chat"]],
    ["customer", "acme", ["acme"]],
    ["customer", null, ["acme"]],
  ])("%s %s", (scope, subject, counted) => {
    expect(entries([limit({ scope, subject })]).map((entry) => entry.subject)).toEqual(counted);
  });

  test.each<LimitScope>(["team", "member", "model", "tag", "customer"])("%s, not when it has none", (scope) => {
    expect(entries([limit({ scope, subject: null }), limit({ scope, subject: "x" })], nobody)).toEqual([]);
  });
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

test("a counter is of one limit, subject and window; calls under way have no window", () => {
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

test("a tag said twice counts once", () => {
  const twice = { ...subjects, tags: ["a=b", "a=b"] };
  expect(entries([limit({ scope: "tag" })], twice)).toHaveLength(1);
});

test("a total does not count what was before its anchor", () => {
  expect(entries([limit({ window: "total", anchorMs: atMs + 1 })])).toEqual([]);
  expect(entries([limit({ window: "total", anchorMs: atMs })])).toHaveLength(1);
});

test("limits that only warn or record are told of once a request goes beyond them", () => {
  const modes = (["block", "warn", "shadow"] as const).map((mode) => limit({ mode, amount: 10n }));
  const told = (committed: bigint, held: bigint) =>
    exceeded(
      entries(modes),
      modes.map(() => ({ committed, held })),
    ).map(({ mode }) => mode);
  expect(told(3n, 7n)).toEqual([]);
  expect(told(3n, 8n)).toEqual(["warn", "shadow"]);
});

test("a limit that is used up would refuse a request that uses none of it", () => {
  const free = entries([limit({ mode: "shadow", unit: "usd", amount: 10n })]).map((entry) => ({
    ...entry,
    amount: 0n,
  }));
  expect(exceeded(free, [{ committed: 9n, held: 0n }])).toEqual([]);
  expect(exceeded(free, [{ committed: 9n, held: 1n }])).toEqual(free);
});

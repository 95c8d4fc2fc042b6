import type { FactsOf } from "@tollgate/control/alerts/facts";
import { slackPostOf } from "@tollgate/control/alerts/messages";
import { wordsOf } from "@tollgate/control/alerts/words";
import { expect, test } from "vitest";

const threshold: FactsOf<"threshold"> = {
  kind: "threshold",
  limitId: "00000000-0000-7000-8000-000000000001",
  scope: "key",
  subject: "00000000-0000-7000-8000-000000000002",
  subjectName: "ci",
  unit: "usd",
  window: "day",
  mode: "block",
  threshold: 80,
  amount: "1500",
  spent: "1200.0000005",
  windowStart: "2026-11-22T00:00:00.000Z",
  resetsAt: "2026-11-23T00:00:00.000Z",
  refusedAt: null,
};

test.each([
  [
    {},
    "80 % of the limit on key ci is used",
    "$1,200.0000005 of $1,500.00 per day. It resets at 2026-11-23 00:00 UTC.",
  ],
  [
    { threshold: 100, scope: "organisation" as const },
    "100 % of the limit on the organisation is used",
    "$1,200.0000005 of $1,500.00 per day. Calls that do not fit are refused until 2026-11-23 00:00 UTC.",
  ],
  [
    { unit: "tokens" as const, window: "total" as const, resetsAt: null, mode: "warn" as const, spent: "1200000" },
    "80 % of the limit on key ci is used",
    "1,200,000 tokens of 1,500 tokens in total.",
  ],
  [
    { threshold: 100, mode: "warn" as const },
    "100 % of the limit on key ci is used",
    "$1,200.0000005 of $1,500.00 per day. Nothing is refused: it only warns. It resets at 2026-11-23 00:00 UTC.",
  ],
  [
    { threshold: 100, window: "total" as const, resetsAt: null },
    "100 % of the limit on key ci is used",
    "$1,200.0000005 of $1,500.00 in total. Calls that do not fit are refused.",
  ],
  [
    { threshold: 100, refusedAt: "2026-11-22T16:03:59.999Z" },
    "The limit on key ci refuses calls",
    "Used: $1,200.0000005 of $1,500.00 per day. Calls that do not fit are refused since 2026-11-22 16:03 UTC, until 2026-11-23 00:00 UTC.",
  ],
  [
    { threshold: 100, refusedAt: "2026-11-22T16:03:59.999Z", window: "total" as const, resetsAt: null },
    "The limit on key ci refuses calls",
    "Used: $1,200.0000005 of $1,500.00 in total. Calls that do not fit are refused since 2026-11-22 16:03 UTC.",
  ],
])("a threshold with %j", (fields, title, text) => {
  expect(wordsOf({ ...threshold, ...fields })).toEqual({ title, text });
});

test("unusual spend", () => {
  const facts = {
    kind: "anomaly",
    hour: "2026-11-22T17:00:00.000Z",
    spentUsd: "9.5",
    usualUsd: "2",
    weeks: 4,
  } as const;
  expect(wordsOf(facts)).toEqual({
    title: "Unusual spend: $9.50 in the hour from 2026-11-22 17:00 UTC",
    text: "In the same hour of the past 4 weeks it was $2.00 at most.",
  });
});

test("policy that does not reach a proxy", () => {
  expect(wordsOf({ kind: "stale_policy", since: "2026-11-22T17:00:00.000Z" })).toEqual({
    title: "Changes do not reach a proxy",
    text: "A proxy has not read this organisation's policy since 2026-11-22 17:00 UTC. Later changes of keys, limits and models do not apply there. A revoked key may still work.",
  });
});

test("a name cannot write markup into Slack", () => {
  const leaving = {
    deliveryId: "d",
    alertId: "a",
    organisation: { id: "o", name: "<!channel>", slug: "acme" },
    raisedAt: new Date(0),
    facts: { ...threshold, subjectName: "<https://evil.example|ci> & co" },
    pageUrl: "https://tollgate.example/acme/alerts",
  };
  const { text } = JSON.parse(slackPostOf(leaving, "https://hooks.slack.com/services/x").body);
  expect(text).toContain("&lt;https://evil.example|ci&gt; &amp; co");
  expect(text).not.toContain("<!channel>");
  expect(text).toContain("<https://tollgate.example/acme/alerts|Alerts>");
});

import { parseUsd } from "@tollgate/contracts/money";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { ingestUsage } from "@tollgate/control/ledger/ingest";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { listRequests } from "@tollgate/control/reports/requests";
import { ATTRIBUTION_GROUPS, type Spend } from "@tollgate/control/reports/schemas";
import { getSpend } from "@tollgate/control/reports/spend";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usageEvent } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { exported } from "./exported.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

async function ingest(events: readonly UsageEvent[], valuesMax = 1_000): Promise<void> {
  const texts = events.map((event) => JSON.stringify(event));
  const sent = { spoolId: freshId(), from: "0", to: "1", events: texts };
  await ingestUsage(pool, sent, { proven: texts, unproven: [], isWhole: true }, { valuesMax });
}

const nano = (usd: string): bigint => parseUsd(usd) ?? expect.unreachable();
const add = (rows: readonly { costUsd: string }[]): bigint =>
  rows.reduce((sum, { costUsd }) => sum + nano(costUsd), 0n);

/** Calls every 5.3 hours for 60 days, with values of every kind and without. */
const calls = (orgId: string, count = 270): UsageEvent[] =>
  Array.from({ length: count }, (_, n) =>
    usageEvent(orgId, setup.clock.now() - n * 19_080_000, {
      costNano: n % 11 ? String(1_000_003 * (n + 1)) : null,
      pricing: n % 11 ? "priced" : "unpriced",
      status: n % 9 ? 200 : 502,
      customer: n % 3 ? `c${n % 7}` : null,
      session: n % 4 ? `s${n % 40}` : null,
      endUser: n % 5 ? `u${n % 30}` : null,
      costCentre: n % 2 ? `${4711 + (n % 4)}` : null,
      tags: n % 6 ? { env: n % 2 ? "prod" : "test", app: `a${n % 5}` } : {},
    }),
  );

const of = ({ rows }: Spend, id: string) => rows.find(({ groupId }) => groupId === id);

function checkSums(spend: Spend, by: string): void {
  const { rows, other, series, total } = spend;
  if (by === "tag") return;
  expect([by, add([...rows, ...(other ? [other] : [])])]).toEqual([by, nano(total.costUsd)]);
  expect(add(series)).toBe(nano(total.costUsd));
  const all = [...rows, ...(other ? [other] : [])];
  for (const sum of ["requests", "errors", "unpriced", "inputTokens", "outputTokens"] as const)
    expect(all.reduce((sums, row) => sums + row[sum], 0)).toBe(total[sum]);
}

test("values, those not shown by name and calls without a value add up to the organisation's total, in any zone", async () => {
  const owner = await setup.organisation();
  const events = calls(owner.orgId);
  // Two batches, so that months have more values than their bound of 3.
  await ingest(events, 3);
  for (const timeZone of ["UTC", "Asia/Kolkata", "America/St_Johns"]) {
    await updateOrganisation(owner, { timeZone });
    const days = {
      from: new Date(setup.clock.now() - 45 * DAY_MS).toISOString(),
      to: new Date(setup.clock.now()).toISOString(),
    };
    const hours = { ...days, from: new Date(setup.clock.now() - 50 * HOUR_MS).toISOString() };
    for (const range of [days, hours]) {
      for (const groupBy of ATTRIBUTION_GROUPS) {
        const spend = await getSpend(owner, { ...range, groupBy });
        const whole = await getSpend(owner, { from: spend.from, to: spend.to, groupBy: "none" });
        expect([timeZone, groupBy, spend.total]).toEqual([timeZone, groupBy, whole.total]);
        checkSums(spend, groupBy);
      }
    }
  }
  const from = new Date(setup.clock.now() - 45 * DAY_MS).toISOString();
  const byCustomer = await getSpend(owner, { from, groupBy: "customer" });
  const file = await exported(owner, { from, groupBy: "customer" });
  expect(add(file)).toBe(nano(byCustomer.total.costUsd));
  expect(new Set(file.map(({ label }) => label))).toEqual(new Set(byCustomer.rows.map(({ label }) => label)));
  expect(of(byCustomer, "*none")).toMatchObject({ label: "No customer" });
  expect(of(byCustomer, "*unregistered")).toMatchObject({ label: "Other customers" });
  expect(byCustomer.attribution).toMatchObject({ overlaps: false, completeSince: null });
  expect(byCustomer.attribution?.fullMonths).toContainEqual({ month: byCustomer.to.slice(0, 7), values: 3 });
});

test("a group's figures are the sums of its calls, in each slot", async () => {
  const owner = await setup.organisation();
  await updateOrganisation(owner, { timeZone: "Asia/Kathmandu" });
  const events = calls(owner.orgId, 60);
  await ingest(events);
  const spend = await getSpend(owner, {
    groupBy: "endUser",
    interval: "day",
    from: new Date(setup.clock.now() - 20 * DAY_MS).toISOString(),
    to: new Date(setup.clock.now() + HOUR_MS).toISOString(),
  });
  const u7 = events.filter(({ endUser }) => endUser === "u7");
  expect(u7.length).toBeGreaterThan(1);
  expect(of(spend, "u7")).toMatchObject({
    requests: u7.length,
    inputTokens: 100 * u7.length,
    errors: u7.filter(({ status }) => status === 502).length,
  });
  expect(nano(of(spend, "u7")?.costUsd ?? "")).toBe(u7.reduce((sum, { costNano }) => sum + BigInt(costNano ?? 0), 0n));
  const total = await getSpend(owner, { groupBy: "none", interval: "day", from: spend.from, to: spend.to });
  const bySlot = Map.groupBy(spend.series, ({ slot }) => slot);
  for (const { slot, costUsd } of total.series)
    expect([slot, add(bySlot.get(slot) ?? [])]).toEqual([slot, nano(costUsd)]);
});

test("a call counts on each of its tags, and the answer says so", async () => {
  const owner = await setup.organisation();
  const atMs = setup.clock.now() - 60_000;
  await ingest([
    usageEvent(owner.orgId, atMs, { tags: { env: "prod", app: "a" } }),
    usageEvent(owner.orgId, atMs + 1, { tags: { env: "prod" } }),
    usageEvent(owner.orgId, atMs + 2),
  ]);
  const spend = await getSpend(owner, { groupBy: "tag", from: new Date(atMs - HOUR_MS).toISOString() });
  expect(spend.attribution).toMatchObject({ overlaps: true });
  expect(spend.total).toMatchObject({ requests: 3, costUsd: "0.75" });
  expect(spend.rows.map(({ groupId, label, costUsd }) => [groupId, label, costUsd])).toEqual([
    ["env=prod", "env=prod", "0.5"],
    ["app=a", "app=a", "0.25"],
    ["*none", "No tag", "0.25"],
  ]);
});

test("one value is a filter, with the figures of the period before", async () => {
  const owner = await setup.organisation();
  const nowMs = setup.clock.now();
  await ingest([
    usageEvent(owner.orgId, nowMs - 60_000, { customer: "acme", costCentre: "1" }),
    usageEvent(owner.orgId, nowMs - 30 * HOUR_MS, { customer: "acme", costNano: "1000000000" }),
    usageEvent(owner.orgId, nowMs - 60_000, { customer: "globex" }),
  ]);
  const from = new Date(nowMs - DAY_MS).toISOString();
  for (const groupBy of ["customer", "none"] as const) {
    const spend = await getSpend(owner, { from, customer: "acme", groupBy });
    expect(spend.rows).toMatchObject([{ groupId: "acme", costUsd: "0.25" }]);
    expect(spend).toMatchObject({ total: { costUsd: "0.25" }, previousTotal: { costUsd: "1" } });
  }
  expect((await getSpend(owner, { from, customer: "nobody", groupBy: "none" })).total.requests).toBe(0);
});

test("values are not combined with dimensions or with each other, and a developer cannot read them", async () => {
  const owner = await setup.organisation();
  const fields = (ctx: Context, input: Parameters<typeof getSpend>[1]) =>
    getSpend(ctx, input).then(
      () => expect.unreachable(),
      ({ detail }: { detail: { fields: object } }) => Object.keys(detail.fields),
    );
  expect(await fields(owner, { groupBy: "customer", model: "small" })).toEqual(["model"]);
  expect(await fields(owner, { groupBy: "customer", tag: "a=b" })).toEqual(["tag"]);
  expect(await fields(owner, { customer: "acme" })).toEqual(["groupBy"]);
  expect(await fields(owner, { groupBy: "session", interval: "minute" })).toEqual(["interval"]);
  const developer = await setup.member(owner, "developer");
  expect((await refusal(getSpend(developer, { groupBy: "customer" }))).code).toBe("validation_failed");
});

test("a file has every value, and a page the hundred with the highest cost and the sum of the others", async () => {
  const owner = await setup.organisation();
  const nowMs = setup.clock.now();
  await ingest(
    Array.from({ length: 130 }, (_, n) =>
      usageEvent(owner.orgId, nowMs - 60_000 - n, { session: `s${n}`, costNano: String(1_000 + n) }),
    ),
  );
  const input = { groupBy: "session", from: new Date(nowMs - HOUR_MS).toISOString() } as const;
  const page = await getSpend(owner, input);
  expect(page.rows).toHaveLength(100);
  expect(page.rows[0]).toMatchObject({ groupId: "s129" });
  expect(page.other).toMatchObject({ groups: 30, requests: 30 });
  checkSums(page, "session");
  const file = await exported(owner, input);
  expect(file).toHaveLength(130);
  expect(add(file)).toBe(nano(page.total.costUsd));
});

test("requests are found by end user and cost centre", async () => {
  const owner = await setup.organisation();
  const atMs = setup.clock.now() - 60_000;
  const events = [
    usageEvent(owner.orgId, atMs, { endUser: "u1", costCentre: "1" }),
    usageEvent(owner.orgId, atMs + 1, { endUser: "u2", costCentre: "1" }),
    usageEvent(owner.orgId, atMs + 2),
  ];
  await ingest(events);
  const ids = async (filter: Parameters<typeof listRequests>[1]) =>
    (await listRequests(owner, filter)).items.map(({ id }) => id);
  expect(await ids({ endUser: "u1" })).toEqual([events[0]?.id]);
  expect(await ids({ costCentre: "1" })).toEqual([events[1]?.id, events[0]?.id]);
  expect(await ids({ costCentre: "1", endUser: "u3" })).toEqual([]);
});

test("an organisation sees its own values only", async () => {
  const [owner, other] = [await setup.organisation(), await setup.organisation("Globex")];
  await ingest([usageEvent(other.orgId, setup.clock.now() - 60_000, { customer: "secret" })]);
  const spend = await getSpend(owner, { groupBy: "customer" });
  expect(spend).toMatchObject({ rows: [], total: { requests: 0 } });
});

test("the figures of days that an upgrade still computes are said to be incomplete", async () => {
  const owner = await setup.organisation();
  await query(setup.database.ownerUrl, `insert into usage_reshape values ('${owner.orgId}', '2026-01-05')`);
  expect(await getSpend(owner, { groupBy: "tag" })).toMatchObject({
    attribution: { completeSince: "2026-01-06T00:00:00.000Z" },
  });
});

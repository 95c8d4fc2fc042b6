import { usdString } from "@tollgate/contracts/money";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { closeMonth } from "@tollgate/control/ledger/close";
import { type Month, monthAt } from "@tollgate/control/ledger/months";
import { rebuildUsage } from "@tollgate/control/ledger/rebuild";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import type { LedgerMonth } from "@tollgate/control/ledger/schemas";
import { setLimit } from "@tollgate/control/limits/set";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { setPrice } from "@tollgate/control/prices/set";
import { listMonths } from "@tollgate/control/reports/list-months";
import { getRequest } from "@tollgate/control/reports/request";
import { getSpend } from "@tollgate/control/reports/spend";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;
const TWO_DAYS_MS = 2 * DAY_MS;

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
let now: Month;
let last: Month;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
  now = monthAt(setup.clock.now(), "UTC");
  last = monthAt(now.fromMs - 1, "UTC");
});
afterAll(() => pool.end());

const iso = (ms: number): string => new Date(ms).toISOString();
const keep = (atMs = setup.clock.now()) => runMaintenance(pool, atMs);
const inLast = ({ orgId }: Context, day: number, fields: Partial<UsageEvent> = {}) =>
  usageEvent(orgId, last.fromMs + day * DAY_MS + 45_296_789, fields);
const spendOf = (owner: Context, { fromMs, toMs }: Month) =>
  getSpend(owner, { from: iso(fromMs), to: iso(Math.max(toMs, fromMs)), interval: "day" });
/** The test setup's clock is at yesterday, so an event of today may be in the next month. */
const spendSince = (owner: Context) =>
  getSpend(owner, { from: iso(now.fromMs), to: iso(setup.clock.now() + TWO_DAYS_MS) });

const broken = () => brokenInvariants(setup.database.ownerUrl);

async function close(owner: Context, { month }: Month): Promise<LedgerMonth> {
  await closeMonth(owner, { month });
  await keep();
  const { items } = await listMonths(owner, {});
  return items.find((each) => each.month === month) ?? expect.unreachable();
}

async function rerate(owner: Context): Promise<void> {
  await rerateUsage(owner, { from: iso(last.fromMs) });
  await keep();
}

/** An organisation with four calls of $0.25 last month and two in this one. */
async function busy(): Promise<Context> {
  const owner = await setup.organisation();
  const events = [1, 7, 7, 20].map((day) => inLast(owner, day));
  await ledger.ingest([
    ...events,
    ...[1, 2].map((second) => usageEvent(owner.orgId, setup.clock.now() - second * 1_000)),
  ]);
  return owner;
}

describe("a closed month", () => {
  test("shows who closed it, and is listed with its totals beside the open month", async () => {
    const owner = await busy();
    expect((await listMonths(owner, {})).items.map(({ month, state }) => [month, state])).toEqual([
      [now.month, "current"],
      [last.month, "open"],
    ]);
    await closeMonth(owner, { month: last.month });
    expect((await listMonths(owner, {})).items[1]).toMatchObject({ state: "closing", costUsd: "1" });
    await keep();
    const { items, timeZone } = await listMonths(owner, {});
    expect(timeZone).toBe("UTC");
    expect(items).toMatchObject([
      { month: now.month, state: "current", costUsd: "0.5", requests: 2, closedAt: null },
      { month: last.month, state: "closed", costUsd: "1", requests: 4, closedBy: "Ada Owner", adjustmentsUsd: "0" },
    ]);
    const range = { from: iso(last.fromMs), to: iso(last.toMs) };
    expect(items[1]).toMatchObject(range);
    expect(await getSpend(owner, { month: last.month })).toMatchObject({ ...range, total: { costUsd: "1" } });
    expect(await getSpend(owner, { month: now.month })).toMatchObject({ total: { costUsd: "0.5" } });
    const next = monthAt(now.toMs + TWO_DAYS_MS, "UTC").month;
    expect((await refusal(getSpend(owner, { month: next }))).fields).toEqual(["month"]);
    expect((await refusal(getSpend(owner, { month: last.month, from: range.from }))).fields).toEqual(["month"]);
  });

  test("does not change when a call arrives late: the call counts in the open month", async () => {
    const owner = await busy();
    await close(owner, last);
    const before = await spendOf(owner, last);
    const late = inLast(owner, 3, { costNano: "123456789", customer: "acme", tags: { env: "prod" } });
    await ledger.ingest([late, usageEvent(owner.orgId, setup.clock.now() - 3_000)]);
    await ledger.ingest([late]);
    expect((await spendOf(owner, last)).series).toEqual(before.series);
    const spend = await spendSince(owner);
    expect(spend.total).toMatchObject({ costUsd: "0.873456789", requests: 4 });
    expect(spend.adjustments).toEqual([{ month: last.month, late: 1, rerated: 0, costUsd: "0.123456789" }]);
    const filtered = (filter: object) => getSpend(owner, { from: spend.from, to: spend.to, ...filter });
    expect((await filtered({ model: "small", provider: "openai" })).adjustments).toEqual(spend.adjustments);
    expect((await filtered({ model: "large" })).adjustments).toEqual([]);
    expect((await filtered({ keyId: owner.orgId })).adjustments).toEqual([]);
    const { adjustments } = await getRequest(owner, { id: late.id });
    expect(adjustments).toMatchObject([
      { reason: "late", closedMonth: last.month, costUsd: "0.123456789", askedBy: null },
    ]);
    expect(await broken()).toEqual({});
  });

  test("does not change when it is re-rated, up or down; a second re-rating adds nothing", async () => {
    const owner = await busy();
    const fields = { upstreamModel: "mine", costNano: null, pricing: "unpriced" } as const;
    const dear = { upstreamModel: "gpt-4o-mini" };
    await ledger.ingest([inLast(owner, 2, fields), inLast(owner, 9, fields), inLast(owner, 5, dear)]);
    const closed = await close(owner, last);
    expect(closed).toMatchObject({ requests: 7, unpriced: 2, costUsd: "1.25" });
    const own = { provider: "openai", from: iso(last.fromMs), outputPerMillionUsd: "2" };
    await setPrice(owner, { ...own, upstreamModel: "mine", inputPerMillionUsd: "3" });
    await rerate(owner);
    const costUsd = usdString(2n * BigInt(100 * 3_000 + 20 * 2_000));
    expect((await spendSince(owner)).adjustments).toEqual([{ month: last.month, late: 0, rerated: 2, costUsd }]);

    // Six calls of $0.25 are re-rated to almost nothing. The difference is larger than this month's spend.
    await setPrice(owner, { ...own, ...dear, inputPerMillionUsd: "1" });
    await rerate(owner);
    await rerate(owner);
    const cheap = 100n * 1_000n + 20n * 2_000n;
    const down = 2n * BigInt(100 * 3_000 + 20 * 2_000) + 5n * (cheap - 250_000_000n);
    const spend = await spendSince(owner);
    expect(spend.adjustments).toEqual([{ month: last.month, late: 0, rerated: 7, costUsd: usdString(down) }]);
    expect(spend.total).toMatchObject({ costUsd: usdString(2n * cheap + down), requests: 2, unpriced: 0 });
    const { items } = await listMonths(owner, {});
    // The month as it was, except for later adjustments.
    expect(items.find(({ month }) => month === last.month)).toEqual({
      ...closed,
      unpriced: 0,
      laterUsd: usdString(down),
    });
    const { total, later } = await getSpend(owner, { month: last.month });
    expect(total).toMatchObject({ costUsd: closed.costUsd, unpriced: 2 });
    expect(later).toEqual(spend.adjustments[0]);
    expect(await broken()).toEqual({});
  });

  test("is not changed by reconciling or rebuilding, which report differences", async () => {
    const owner = await busy();
    await close(owner, last);
    await ledger.ingest([inLast(owner, 11)]);
    const rollUps = () =>
      query(setup.database.ownerUrl, `select * from usage_hour where org_id = '${owner.orgId}' order by slot`);
    const before = await rollUps();
    const range = { from: iso(last.fromMs) };
    await reconcileUsage(owner, range);
    await rebuildUsage(owner, { ...range, to: iso(setup.clock.now()) });
    expect((await keep()).flatMap(({ differences }) => differences)).toEqual([]);
    expect(await rollUps()).toEqual(before);

    await query(
      setup.database.ownerUrl,
      `delete from usage_event where id = (select min(id::text)::uuid from usage_event where org_id = '${owner.orgId}')`,
    );
    await reconcileUsage(owner, range);
    const tables = (await keep()).flatMap(({ differences }) => differences.map(({ table }) => table));
    expect(tables).toEqual(expect.arrayContaining(["usage_day", "closed_month"]));
    await query(setup.database.ownerUrl, `delete from closed_month where org_id = '${owner.orgId}'`);
  });

  test("keeps a late call in its limits' windows: they do not depend on closed months", async () => {
    const owner = await busy();
    await setLimit(owner, { scope: "organisation", unit: "usd", window: "month", amount: "5", mode: "warn" });
    await close(owner, last);
    await ledger.ingest([inLast(owner, 3)]);
    await reconcileUsage(owner, {});
    expect((await keep()).flatMap(({ differences }) => differences)).toEqual([]);
  });

  test("gets no event that arrives while it is being closed", async () => {
    const owner = await busy();
    await closeMonth(owner, { month: last.month });
    const late = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 20 }, (_, index) => inLast(owner, (batch + index) % 25, { costNano: "1000003" })),
    );
    await Promise.all([...late.slice(0, 6).map((batch) => ledger.ingest(batch)), keep()]);
    await Promise.all(late.slice(6).map((batch) => ledger.ingest(batch)));
    const spend = await spendSince(owner);
    const [closed] = (await listMonths(owner, {})).items.filter(({ month }) => month === last.month);
    expect((closed?.requests ?? 0) + spend.total.requests).toBe(4 + 2 + 240);
    expect(spend.adjustments[0]?.late).toBeGreaterThanOrEqual(120);
    expect(await broken()).toEqual({});
  });
});

describe("a month", () => {
  test("closes automatically 35 days after its end, not earlier", async () => {
    const owner = await busy();
    const state = async () => (await listMonths(owner, {})).items.find(({ month }) => month === last.month);
    await reconcileUsage(owner, {});
    await keep(last.toMs + 35 * DAY_MS - 1);
    expect(await state()).toMatchObject({ state: "open" });
    await reconcileUsage(owner, {});
    await keep(last.toMs + 35 * DAY_MS);
    expect(await state()).toMatchObject({ state: "closed", closedBy: null, requests: 4 });
  });

  test("closes together with all earlier months, each with its own totals", async () => {
    const owner = await busy();
    const first = monthAt(last.fromMs - 40 * DAY_MS, "UTC");
    await ledger.ingest([usageEvent(owner.orgId, first.fromMs)]);
    await close(owner, last);
    const { items } = await listMonths(owner, {});
    expect(items.map(({ state, requests }) => [state, requests])).toEqual([
      ["current", 2],
      ["closed", 4],
      ["closed", 0],
      ["closed", 1],
    ]);
  });

  test("ends by the organisation's time zone", async () => {
    const owner = await setup.organisation();
    await updateOrganisation(owner, { timeZone: "Asia/Kathmandu" });
    const { fromMs, month } = monthAt(setup.clock.now(), "Asia/Kathmandu");
    await ledger.ingest([usageEvent(owner.orgId, fromMs - 1), usageEvent(owner.orgId, fromMs)]);
    const { items } = await listMonths(owner, {});
    expect(items.map((each) => [each.month === month, each.requests])).toEqual([
      [true, 1],
      [false, 1],
    ]);
    await close(owner, monthAt(fromMs - 1, "Asia/Kathmandu"));
    expect((await listMonths(owner, {})).items[1]).toMatchObject({ state: "closed", requests: 1, to: iso(fromMs) });
    expect(await broken()).toEqual({});
  });

  test("that has not ended or is closed cannot be closed, and not without the right", async () => {
    const [owner, other] = [await busy(), await busy()];
    await close(owner, last);
    const refused = async (ctx: Context, month: string) => (await refusal(closeMonth(ctx, { month }))).fields;
    expect(await refused(owner, now.month)).toEqual(["month"]);
    expect(await refused(owner, last.month)).toEqual(["month"]);
    expect(await refused(owner, "2026-13")).toEqual(["month"]);
    const [finance, developer] = [await setup.member(other, "finance"), await setup.member(other, "developer")];
    expect((await listMonths(finance, {})).items).toMatchObject([{ state: "current" }, { state: "open" }]);
    expect(await refusal(closeMonth(finance, { month: last.month }))).toMatchObject({ code: "forbidden" });
    expect(await refusal(listMonths(developer, {}))).toMatchObject({ code: "forbidden" });
  });
});

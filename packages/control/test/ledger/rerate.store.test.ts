import { uuidTimeMs } from "@tollgate/contracts/ids";
import { parseUsd, usdString } from "@tollgate/contracts/money";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { listMaintenance } from "@tollgate/control/ledger/list-maintenance";
import { rebuildUsage } from "@tollgate/control/ledger/rebuild";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { deletePrice } from "@tollgate/control/prices/delete";
import { setPrice } from "@tollgate/control/prices/set";
import { getRequest } from "@tollgate/control/reports/request";
import { listRequests } from "@tollgate/control/reports/requests";
import { getSpend } from "@tollgate/control/reports/spend";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;
const ROLL_UPS = [
  "usage_minute",
  "usage_hour",
  "usage_day",
  "usage_group",
  "usage_attribution_hour",
  "usage_attribution_day",
  "usage_latency",
];

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
});
afterAll(() => pool.end());

const look = <Row extends object = Record<string, unknown>>(...statements: string[]) =>
  query<Row>(setup.database.ownerUrl, ...statements);
const keep = () => runMaintenance(pool, setup.clock.now());
const stored = async () =>
  JSON.stringify(await Promise.all(ROLL_UPS.map((table) => look(`select * from ${table} as t order by t::text`))));
/** Number of announced counter corrections. */
const corrections = async (orgId: string) => {
  const [org] = await look<{ revision: number }>(
    `select counters_revision::integer as revision from organisation where id = '${orgId}'`,
  );
  return org?.revision ?? 0;
};
const from = () => new Date(setup.clock.now() - 5 * DAY_MS).toISOString();
/** A range ends before the time of the request. */
const recently = () => setup.clock.now() - 1_000;
const price = { provider: "openai", upstreamModel: "mine", outputPerMillionUsd: "2" };

/** 100 input and 20 output tokens, at `input` dollars a million. */
const costAt = (input: number): bigint => BigInt(Math.round((100 * input + 20 * 2) * 1_000));

const events = (owner: Context, count: number, fields: Partial<UsageEvent> = {}): UsageEvent[] =>
  Array.from({ length: count }, (_, index) =>
    usageEvent(owner.orgId, recently() - (index % 3) * DAY_MS - index * 61_000, {
      upstreamModel: "mine",
      costNano: null,
      pricing: "unpriced",
      priceVersion: null,
      customer: index % 2 ? "acme" : null,
      tags: { env: "prod" },
      ...fields,
    }),
  );

async function rerated(owner: Context, fields: object = {}) {
  const { id } = await rerateUsage(owner, { from: from(), ...fields });
  await keep();
  const { items } = await listMaintenance(owner, {});
  return items.find((each) => each.id === id) ?? expect.unreachable();
}

const entriesOf = ({ orgId }: Context) => look(`select * from usage_adjustment where org_id = '${orgId}' order by id`);

describe("a re-rating", () => {
  test("prices unpriced calls to the nano-dollar, and a second one adds nothing", async () => {
    const owner = await setup.organisation();
    const unpriced = events(owner, 12);
    await ledger.ingest([...unpriced, usageEvent(owner.orgId, recently(), { costNano: "7" })]);
    await setPrice(owner, { ...price, from: from(), inputPerMillionUsd: "0.333333333" });
    const done = await rerated(owner, { note: "the invoice of October" });
    const each = costAt(0.333333333);
    expect(done).toMatchObject({ adjusted: 12, adjustedUsd: usdString(12n * each), differences: [] });
    expect(done).toMatchObject({ askedBy: "Ada Owner", note: "the invoice of October" });

    const spend = await getSpend(owner, { from: from() });
    expect(spend.total).toMatchObject({ costUsd: usdString(12n * each + 7n), requests: 13, unpriced: 0 });
    expect(spend.series.reduce((sum, { costUsd }) => sum + (parseUsd(costUsd) ?? 0n), 0n)).toBe(12n * each + 7n);
    expect(spend.adjustments).toEqual([]);

    expect(await rerated(owner)).toMatchObject({ adjusted: 0, adjustedUsd: "0" });
    expect(await entriesOf(owner)).toHaveLength(12);
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("does not change events, and the details of a request show the adjustment", async () => {
    const owner = await setup.organisation();
    const [event = expect.unreachable()] = events(owner, 1);
    await ledger.ingest([event]);
    const row = `select * from usage_event where id = '${event.id}'`;
    const before = await look(row);
    const { version } = await setPrice(owner, { ...price, from: from(), inputPerMillionUsd: "5" });
    await rerated(owner, { note: "why" });
    expect(await look(row)).toEqual(before);
    const costUsd = usdString(costAt(5));
    const story = await getRequest(owner, { id: event.id });
    expect(story).toMatchObject({ costUsd, pricing: "priced", priceVersion: version });
    expect(story.adjustments).toMatchObject([
      { reason: "priced", costUsd, priceVersion: version, closedMonth: null, askedBy: "Ada Owner", note: "why" },
    ]);
    expect(story.adjustments[0]?.bookedAt).toBe(new Date(uuidTimeMs(event.id)).toISOString());
    expect((await listRequests(owner, { costAtLeastUsd: costUsd })).items).toMatchObject([{ id: event.id, costUsd }]);
  });

  test("follows own prices that are set, changed and deleted, each with its difference", async () => {
    const owner = await setup.organisation();
    const [event = expect.unreachable()] = events(owner, 1, {
      upstreamModel: "gpt-4o-mini",
      costNano: "27000",
      pricing: "priced",
      priceVersion: "genai-prices@0",
    });
    await ledger.ingest([event]);
    const own = { ...price, upstreamModel: "gpt-4o-mini", from: from() };
    await setPrice(owner, { ...own, inputPerMillionUsd: "10" });
    expect(await rerated(owner)).toMatchObject({ adjusted: 1, adjustedUsd: usdString(costAt(10) - 27_000n) });
    const { id } = await setPrice(owner, { ...own, inputPerMillionUsd: "0.1" });
    expect(await rerated(owner)).toMatchObject({ adjusted: 1, adjustedUsd: usdString(costAt(0.1) - costAt(10)) });
    expect(await getSpend(owner, { from: from() })).toMatchObject({ total: { costUsd: usdString(costAt(0.1)) } });
    await deletePrice(owner, { id });
    expect(await rerated(owner)).toMatchObject({ adjusted: 1 });
    const { adjustments, costUsd } = await getRequest(owner, { id: event.id });
    expect(adjustments.map(({ reason }) => reason)).toEqual(["repriced", "repriced", "repriced"]);
    // 100 input tokens at $0.15 and 20 output tokens at $0.60 a million, the catalogue's prices.
    expect(costUsd).toBe("0.000027");
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("prices images apart, as the ledger has them", async () => {
    const owner = await setup.organisation();
    const [event = expect.unreachable()] = events(owner, 1, {
      provider: "google",
      upstreamModel: "gemini-2.5-flash-image",
      use: { input: 16, output: 1296, imageOutput: 1290 },
    });
    await ledger.ingest([event]);
    expect(await rerated(owner)).toMatchObject({ adjusted: 1 });
    // 16 in at $0.30, 6 of text out at $2.50 and 1,290 of an image at $30 a million.
    expect(await getRequest(owner, { id: event.id })).toMatchObject({ costUsd: "0.0387198", use: event.use });
  });

  test("is limited to the requested days, model and provider", async () => {
    const owner = await setup.organisation();
    const [old, young] = [recently() - 3 * DAY_MS, recently()];
    const fields = { upstreamModel: "mine", costNano: null, pricing: "unpriced" as const };
    await ledger.ingest([
      usageEvent(owner.orgId, old, fields),
      usageEvent(owner.orgId, young, fields),
      usageEvent(owner.orgId, young, { ...fields, model: "large" }),
    ]);
    await setPrice(owner, { ...price, from: from(), inputPerMillionUsd: "1" });
    expect(await rerated(owner, { provider: "anthropic" })).toMatchObject({ adjusted: 0 });
    expect(await rerated(owner, { model: "large", provider: "openai" })).toMatchObject({ adjusted: 1 });
    expect(await rerated(owner, { to: new Date(old + 1).toISOString() })).toMatchObject({ adjusted: 1 });
    expect(await getSpend(owner, { from: from() })).toMatchObject({ total: { unpriced: 1 } });
  });

  test("changes the limit counters, which reconciling and rebuilding then keep", async () => {
    const owner = await setup.organisation();
    const month = { unit: "usd", window: "month", amount: "5", mode: "warn" } as const;
    await setLimit(owner, { scope: "organisation", ...month });
    await setLimit(owner, { scope: "customer", ...month });
    const held = 300_000_000n;
    await ledger.ingest(
      Array.from({ length: 4 }, (_, index) =>
        usageEvent(owner.orgId, recently() - index, {
          upstreamModel: "mine",
          costNano: null,
          pricing: "unpriced",
          customer: index === 0 ? "acme" : null,
          heldNano: String(held),
        }),
      ),
    );
    const spent = async () => (await listLimits(owner, {})).items.map((limit) => limit.spent).toSorted();
    const unpriced = async () => (await listLimits(owner, {})).items.map((limit) => limit.unpriced);
    expect(await spent()).toEqual([usdString(held), usdString(4n * held)].toSorted());
    expect(await unpriced()).toEqual([4, 1]);
    await setPrice(owner, { ...price, from: from(), inputPerMillionUsd: "3.3" });
    const untold = await corrections(owner.orgId);
    await rerated(owner);
    expect(await corrections(owner.orgId)).toBe(untold + 1);
    const expected = [usdString(costAt(3.3)), usdString(4n * costAt(3.3))].toSorted();
    expect(await spent()).toEqual(expected);
    expect(await unpriced()).toEqual([0, 0]);

    const before = await stored();
    await reconcileUsage(owner, { from: from() });
    expect((await keep()).flatMap(({ differences }) => differences)).toEqual([]);
    await rebuildUsage(owner, { from: from() });
    await keep();
    expect(await stored()).toBe(before);
    expect(await corrections(owner.orgId)).toBe(untold + 1);
    await look(`update limit_counter set settled = settled + 1 where org_id = '${owner.orgId}'`);
    await reconcileUsage(owner, {});
    expect((await keep()).flatMap(({ differences }) => differences)).toMatchObject([{ table: "limit_counter" }]);
    expect(await spent()).toEqual(expected);
    expect(await corrections(owner.orgId)).toBe(untold + 3);
  });

  test("stays exact while usage is ingested, and if two run at once", async () => {
    const owner = await setup.organisation();
    await setPrice(owner, { ...price, from: from(), inputPerMillionUsd: "1.234567891" });
    await ledger.ingest(events(owner, 200));
    await rerateUsage(owner, { from: from() });
    await Promise.all([rerateBoth(), ...Array.from({ length: 6 }, () => ledger.ingest(events(owner, 50)))]);
    await rerated(owner);
    const each = costAt(1.234567891);
    expect(await getSpend(owner, { from: from() })).toMatchObject({
      total: { costUsd: usdString(500n * each), requests: 500, unpriced: 0 },
    });
    expect(await entriesOf(owner)).toHaveLength(500);
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });
  const rerateBoth = () => Promise.all([keep(), keep()]);

  test("affects only the own organisation, and needs the right to change", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    await ledger.ingest([...events(owner, 2), ...events(other, 2)]);
    for (const each of [owner, other]) await setPrice(each, { ...price, from: from(), inputPerMillionUsd: "1" });
    await rerated(owner);
    expect(await entriesOf(owner)).toHaveLength(2);
    expect(await entriesOf(other)).toEqual([]);
    expect(await getSpend(other, { from: from() })).toMatchObject({ total: { costUsd: "0", unpriced: 2 } });
    const finance = await setup.member(owner, "finance");
    await expect(rerateUsage(finance, { from: from() })).rejects.toMatchObject({ code: "forbidden" });
    const tomorrow = new Date(setup.clock.now() + DAY_MS).toISOString();
    await expect(rerateUsage(owner, { from: tomorrow })).rejects.toMatchObject({ code: "validation_failed" });
  });
});

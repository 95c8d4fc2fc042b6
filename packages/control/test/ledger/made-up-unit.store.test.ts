import { UNITS } from "@tollgate/catalog/units";
import { NIL_UUID } from "@tollgate/contracts/ids";
import { ingestUsage } from "@tollgate/control/ledger/ingest";
import { rerateEvents } from "@tollgate/control/ledger/rerate-events";
import { getRequest } from "@tollgate/control/reports/request";
import { spendOf } from "@tollgate/control/reports/spend-of";
import { cellsOf, headOf, usedUnits } from "@tollgate/control/reports/spend-rows";
import { compareDay, rebuildDay } from "@tollgate/control/rollups/reconcile-days";
import { utcDayStart } from "@tollgate/control/rollups/slots";
import { openPool, type Pool } from "@tollgate/db/pool";
import { withTenant } from "@tollgate/db/with-tenant";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { MADE_UP } from "@tollgate/testkit/made-up-unit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const units = [...UNITS, MADE_UP.unit];
const CALLS = 3;
const ROLL_UPS = ["usage_minute", "usage_hour", "usage_day"];

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

test("a made-up unit is in the ledger, roll-ups, price, pages and export once its row is in the table", async () => {
  const owner = await setup.organisation();
  const { orgId } = owner;
  const atMs = setup.clock.now() - 60_000;
  const call = { provider: "openai", upstreamModel: "reader", use: MADE_UP.use, attempts: [], tags: { env: "prod" } };
  const events = Array.from({ length: CALLS }, (_, index) =>
    usageEvent(orgId, atMs - index, { ...call, costNano: null, pricing: "unpriced" }),
  );
  const look = (sql: string) => query(setup.database.ownerUrl, sql);

  // Two batches: the second adds to roll-ups that have it already.
  for (const [batch, [first, ...rest]] of [events.slice(0, 1), events.slice(1)].entries()) {
    const texts = [first, ...rest].map((event) => JSON.stringify(event));
    const sent = { spoolId: freshId(), from: String(batch), to: String(batch + 1), events: texts };
    await ingestUsage(pool, sent, { proven: texts, unproven: [], isWhole: true }, { units });
  }
  expect(await look(`select use from usage_event where org_id = '${orgId}'`)).toEqual(
    Array(CALLS).fill({ use: { pages: 12 } }),
  );
  for (const table of ROLL_UPS)
    expect(await look(`select use from ${table} where org_id = '${orgId}'`)).toEqual([{ use: { pages: 36 } }]);
  expect(await look(`select distinct use from usage_group where org_id = '${orgId}'`)).toEqual([
    { use: { pages: 36 } },
  ]);
  for (const table of ["usage_attribution_hour", "usage_attribution_day"])
    expect(await look(`select distinct use from ${table} where org_id = '${orgId}'`)).toEqual([{ use: { pages: 36 } }]);

  // The events and the roll-ups agree, before and after the roll-ups are computed again.
  const day = { orgId, fromMs: utcDayStart(atMs) };
  expect((await compareDay(pool, day, units)).filter(({ rows }) => rows > 0)).toEqual([]);
  await rebuildDay(pool, day, { units });
  expect((await compareDay(pool, day, units)).filter(({ rows }) => rows > 0)).toEqual([]);

  // Its price arrives: the calls whose cost was unknown are priced.
  await look(`insert into price_override (id, org_id, provider, upstream_model, since, input_per_million, output_per_million, units)
    values ('${freshId()}', '${orgId}', 'openai', 'reader', '2000-01-01', '1', '2', '${JSON.stringify(MADE_UP.price)}')`);
  const range = { id: freshId(), orgId, since: new Date(atMs - 86_400_000), until: new Date(atMs + 60_000) };
  const asked = { ...range, askedBy: null, note: null, model: null, provider: null };
  const adjustedNano = MADE_UP.costNano * BigInt(CALLS);
  expect(await rerateEvents(pool, asked, setup.clock.now(), units)).toEqual({ adjusted: CALLS, adjustedNano });

  expect(await getRequest(owner, { id: events[0]?.id ?? NIL_UUID })).toMatchObject({
    use: MADE_UP.use,
    costUsd: "0.03014",
  });
  const input = { groupBy: "model", interval: "day" } as const;
  const spend = await withTenant(owner.services.db, owner.proof, (tx) =>
    spendOf({ tx, ctx: owner, reach: "all", input }, units),
  );
  expect(spend.total).toMatchObject({ costUsd: "0.09042", inputTokens: 300, outputTokens: 60, use: { pages: 36 } });
  expect(spend.rows).toMatchObject([{ use: { pages: 36 } }]);
  const used = usedUnits(spend.total, units);
  expect(headOf(used).at(-1)).toBe("pages");
  const [row] = spend.rows.map((each) => cellsOf({ ...each, slot: spend.from }, used));
  expect(row?.at(-1)).toBe(36);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a version that does not know the unit keeps it in the ledger and its sums", async () => {
  const { orgId } = await setup.organisation();
  const atMs = setup.clock.now() - 60_000;
  const events = [1, 2].map(() => JSON.stringify(usageEvent(orgId, atMs, { use: MADE_UP.use })));
  for (const [batch, text] of events.entries()) {
    const sent = { spoolId: freshId(), from: String(batch), to: String(batch + 1), events: [text] };
    await ingestUsage(pool, sent, { proven: [text], unproven: [], isWhole: true });
  }
  const day = { orgId, fromMs: utcDayStart(atMs) };
  for (const known of [UNITS, units])
    expect((await compareDay(pool, day, known)).filter(({ rows }) => rows > 0)).toEqual([]);
  expect(await query(setup.database.ownerUrl, `select use from usage_day where org_id = '${orgId}'`)).toEqual([
    { use: { pages: 24 } },
  ]);
});

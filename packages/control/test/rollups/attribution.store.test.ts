import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { ingestUsage } from "@tollgate/control/ledger/ingest";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { fillLimits } from "@tollgate/control/limits/fill-limits";
import { setLimit } from "@tollgate/control/limits/set";
import { setPrice } from "@tollgate/control/prices/set";
import { forgetRollUps } from "@tollgate/control/rollups/forget";
import { compareDay, rebuildDay } from "@tollgate/control/rollups/reconcile-days";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

const look = (...statements: string[]) => query<Record<string, unknown>>(setup.database.ownerUrl, ...statements);
const broken = () => brokenInvariants(setup.database.ownerUrl);

/** Ingests one batch, with at most this many tags, customers and cost centres a month by name. */
async function ingest(events: readonly UsageEvent[], valuesMax = 1_000): Promise<void> {
  const texts = events.map((event) => JSON.stringify(event));
  const sent = { spoolId: freshId(), from: "0", to: "1", events: texts };
  await ingestUsage(pool, sent, { proven: texts, unproven: [], isWhole: true }, { valuesMax });
}

const callsOf = async (orgId: string, kind: string, table = "usage_attribution_hour") =>
  Object.fromEntries(
    (
      await look(
        `select value, sum(requests)::integer as calls from ${table} where org_id = '${orgId}' and kind = '${kind}' group by 1`,
      )
    ).map(({ value, calls }) => [value, calls]),
  );

const rollUps = async (orgId: string) =>
  JSON.stringify(
    await Promise.all(
      ["hour", "day"].map((unit) =>
        look(`select * from usage_attribution_${unit} as t where org_id = '${orgId}' order by t::text`),
      ),
    ),
  );

const dayOf = (orgId: string, atMs: number) => ({ orgId, fromMs: Math.floor(atMs / DAY_MS) * DAY_MS });

/** A time in the middle of a month, so that days around it are in the same one. */
const midMonth = (): number => {
  const day = new Date(setup.clock.now());
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - 1, 15, 10, 5);
};

test("each call counts on each of its values, once per kind, and on none if it has none", async () => {
  const { orgId } = await setup.organisation();
  const atMs = midMonth();
  await ingest([
    usageEvent(orgId, atMs, { customer: "acme", tags: { env: "prod", app: "search" }, endUser: "u1" }),
    usageEvent(orgId, atMs + 1, { customer: "globex", tags: { env: "prod" }, session: "run-1", status: 502 }),
    usageEvent(orgId, atMs + 2, { costCentre: "4711", session: "run-1", cache: "hit" }),
    usageEvent(orgId, atMs + 3),
  ]);
  expect(await callsOf(orgId, "tag")).toEqual({ "env=prod": 2, "app=search": 1, "*any": 2 });
  expect(await callsOf(orgId, "customer")).toEqual({ acme: 1, globex: 1, "*any": 2 });
  expect(await callsOf(orgId, "session", "usage_attribution_day")).toEqual({ "run-1": 2, "*any": 2 });
  expect(await callsOf(orgId, "end_user")).toEqual({ u1: 1, "*any": 1 });
  expect(await callsOf(orgId, "cost_centre")).toEqual({ "4711": 1, "*any": 1 });
  expect(
    await look(`select errors, cache_hits from usage_attribution_hour where org_id = '${orgId}' and value = 'run-1'`),
  ).toEqual([{ errors: "1", cache_hits: "1" }]);
  expect(await broken()).toEqual({});
});

test("a call without values writes no row", async () => {
  const { orgId } = await setup.organisation();
  await ingest([usageEvent(orgId, midMonth())]);
  expect(await look(`select from usage_attribution_hour where org_id = '${orgId}'`)).toEqual([]);
  expect(await look(`select from usage_value_month where org_id = '${orgId}'`)).toEqual([]);
});

test("the first values of a month count by name and later ones together, also in a rebuild and with another setting", async () => {
  const { orgId } = await setup.organisation();
  const atMs = midMonth();
  const customers = ["a", "b", "c", "b", "d", "a"];
  const events = customers.map((customer, n) => usageEvent(orgId, atMs + n, { customer, session: `s${n}` }));
  await ingest(events.slice(0, 3), 2);
  await ingest(events.slice(3), 100);
  expect(await callsOf(orgId, "customer")).toEqual({ a: 2, b: 2, "*unregistered": 2, "*any": 6 });
  // Sessions have ten times the room.
  expect(Object.keys(await callsOf(orgId, "session"))).toHaveLength(7);
  const before = await rollUps(orgId);
  await rebuildDay(pool, dayOf(orgId, atMs));
  expect(await rollUps(orgId)).toBe(before);
  expect((await compareDay(pool, dayOf(orgId, atMs))).filter(({ rows }) => rows > 0)).toEqual([]);
  // The next month has room again.
  await ingest([usageEvent(orgId, atMs + 30 * DAY_MS, { customer: "d" })], 2);
  expect(await callsOf(orgId, "customer")).toMatchObject({ d: 1, "*unregistered": 2 });
  expect(await broken()).toEqual({});
});

test("two workers that meet the same new values register each once and no more than the bound", async () => {
  const { orgId } = await setup.organisation();
  const atMs = midMonth();
  const batches = Array.from({ length: 8 }, (_, batch) =>
    Array.from({ length: 12 }, (_, n) =>
      usageEvent(orgId, atMs + n, { customer: `c${(n + batch) % 12}`, tags: { n: `${n}` } }),
    ),
  );
  await Promise.all(batches.map((batch) => ingest(batch, 5)));
  expect(
    await look(`select most, used from usage_value_month where org_id = '${orgId}' and kind = 'customer'`),
  ).toEqual([{ most: 5, used: 5 }]);
  expect(await look(`select from usage_value where org_id = '${orgId}' and kind = 'customer'`)).toHaveLength(5);
  expect(await callsOf(orgId, "customer")).toMatchObject({ "*any": 96, "*unregistered": 56 });
  const before = await rollUps(orgId);
  await rebuildDay(pool, dayOf(orgId, atMs));
  expect(await rollUps(orgId)).toBe(before);
  expect(await broken()).toEqual({});
});

test("a value that is named like a sum of the roll-ups counts with those that are not shown by name", async () => {
  const { orgId } = await setup.organisation();
  const names = ["*any", "*unregistered", "*none", "*other", "acme"];
  await ingest(names.map((customer, n) => usageEvent(orgId, midMonth() + n, { customer })));
  expect(await callsOf(orgId, "customer")).toEqual({ acme: 1, "*unregistered": 4, "*any": 5 });
  expect(await broken()).toEqual({});
});

test("events sent twice count once, and re-rating adds to the values that an event counted on", async () => {
  const owner = await setup.organisation();
  const { orgId } = owner;
  const atMs = setup.clock.now() - DAY_MS;
  const unpriced = { costNano: null, pricing: "unpriced", upstreamModel: "m" } as const;
  const events = ["a", "b"].map((customer, n) => usageEvent(orgId, atMs + n, { ...unpriced, customer }));
  await ingest(events, 1);
  await ingest(events, 1);
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "m",
    from: new Date(atMs - DAY_MS).toISOString(),
    inputPerMillionUsd: "1",
    outputPerMillionUsd: "2",
  });
  await rerateUsage(owner, { from: new Date(atMs - DAY_MS).toISOString() });
  await runMaintenance(pool, setup.clock.now());
  const rows = await look(
    `select value, requests, unpriced, cost_nano from usage_attribution_day where org_id = '${orgId}' and kind = 'customer' order by value`,
  );
  const sum = { requests: "1", unpriced: "0", cost_nano: "140000" };
  expect(rows).toEqual([
    { value: "*any", requests: "2", unpriced: "0", cost_nano: "280000" },
    { value: "*unregistered", ...sum },
    { value: "a", ...sum },
  ]);
  expect(await broken()).toEqual({});
});

test("a limit that is set later counts a value from roll-ups, and one without a name from the events", async () => {
  const owner = await setup.organisation();
  const { orgId } = owner;
  await ingest(
    ["a", "a", "b"].map((customer, n) => usageEvent(orgId, setup.clock.now() - 60_000 + n, { customer })),
    1,
  );
  const counted = async (limitId: string) =>
    look(
      `select l.filling, c.settled::integer as used from usage_limit as l left join limit_counter as c on c.limit_id = l.id where l.id = '${limitId}'`,
    );
  const ask = { scope: "customer", unit: "requests", window: "total", amount: "100" } as const;
  const a = await setLimit(owner, { ...ask, subject: "a" });
  const b = await setLimit(owner, { ...ask, subject: "b" });
  expect(await counted(a.id)).toMatchObject([{ used: 2 }]);
  // Its job counts it.
  expect(await counted(b.id)).toEqual([{ filling: expect.anything(), used: null }]);
  await fillLimits(pool, setup.clock.now());
  expect(await counted(b.id)).toEqual([{ filling: null, used: 1 }]);
});

test("values and roll-ups past their retention are deleted", async () => {
  const { orgId } = await setup.organisation();
  await look("insert into usage_kept values ('usage_reshape', now()) on conflict do nothing");
  await ingest([usageEvent(orgId, midMonth(), { customer: "a" })]);
  const later = midMonth() + 500 * DAY_MS;
  // The first run gives the figures up, and the next one deletes them.
  await forgetRollUps(pool, later);
  expect(await callsOf(orgId, "customer")).toMatchObject({ a: 1 });
  await forgetRollUps(pool, later);
  for (const table of ["usage_attribution_hour", "usage_attribution_day", "usage_value", "usage_value_month"])
    expect(await look(`select from ${table} where org_id = '${orgId}'`)).toEqual([]);
});

import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { rebuildUsage } from "@tollgate/control/ledger/rebuild";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { listRequests } from "@tollgate/control/reports/requests";
import { getSpend } from "@tollgate/control/reports/spend";
import { applyRetention } from "@tollgate/control/retention/apply";
import { getRetention } from "@tollgate/control/retention/get";
import { updateRetention } from "@tollgate/control/retention/update";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY = 86_400_000;
const MAX_DAYS = 400;

let setup: TestSetup;
let ledger: Ledger;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

const iso = (daysAgo: number) => new Date(setup.clock.now() - daysAgo * DAY).toISOString();
const apply = (daysMax = MAX_DAYS, wait = async () => {}) => applyRetention(pool, setup.clock.now(), daysMax, wait);
const idsOf = async (owner: Context) => (await listRequests(owner, {})).items.map(({ id }) => id);
const spendOf = async (owner: Context) => {
  const { total } = await getSpend(owner, { from: iso(150), to: iso(-1), interval: "day" });
  return { requests: total.requests, costUsd: total.costUsd };
};

/** Requests of 100, 50 and 1 days ago, the newest last. */
async function filled(owner: Context): Promise<UsageEvent[]> {
  const events = [100, 50, 1].map((days) => usageEvent(owner.orgId, setup.clock.now() - days * DAY));
  await ledger.ingest(events);
  return events;
}

describe("a retention", () => {
  test("deletes one organisation's requests and leaves its spend, its limits, and other organisations", async () => {
    const [short, long] = [await setup.organisation(), await setup.organisation()];
    const [mine, theirs] = [await filled(short), await filled(long)];
    const unit = { unit: "usd", scope: "organisation", window: "total", amount: "100" } as const;
    await setLimit(short, unit);
    const spent = await spendOf(short);
    expect(spent).toEqual({ requests: 3, costUsd: "0.75" });
    await updateRetention(short, { requestsDays: 40 });

    // The first run only declares them deleted.
    await apply();
    expect(await idsOf(short)).toHaveLength(3);
    expect(await apply()).toMatchObject({ dropped: [], deleted: { usage_event: 2 } });
    expect(await idsOf(short)).toEqual([mine[2]?.id]);
    expect(await idsOf(long)).toEqual(theirs.map(({ id }) => id).reverse());

    await rebuildUsage(short, { from: iso(101), to: iso(99) });
    await ledger.runMaintenance(setup.clock.now());
    expect(await spendOf(short)).toEqual(spent);
    expect((await listLimits(short, {})).items).toMatchObject([{ spent: "0.75" }]);
    expect(await getRetention(short, {})).toMatchObject({
      requestsDays: 40,
      requestsSince: `${iso(40).slice(0, 10)}T00:00:00.000Z`,
    });
  });

  test("does not count a deleted request again when it is delivered again", async () => {
    const owner = await setup.organisation();
    const events = await filled(owner);
    await updateRetention(owner, { requestsDays: 35 });
    await apply();
    await apply();
    await ledger.ingest(events);
    expect(await idsOf(owner)).toHaveLength(1);
    expect(await spendOf(owner)).toEqual({ requests: 3, costUsd: "0.75" });
    const [kept] = await query<{ n: number }>(
      setup.database.ownerUrl,
      "select count(*)::int as n from usage_quarantine where reason like '%retention%'",
    );
    expect(kept?.n).toBe(2);
  });

  test("is at least as long as usage may be late, and refused with the reason otherwise", async () => {
    const owner = await setup.organisation();
    const error = await refusal(updateRetention(owner, { requestsDays: 34 }));
    expect(error).toMatchObject({
      code: "validation_failed",
      fields: ["requestsDays"],
    });
    expect(await updateRetention(owner, { requestsDays: 90, alertsDays: 120 })).toMatchObject({
      requestsDays: 90,
      alertsDays: 120,
    });
    expect(await updateRetention(owner, { requestsDays: null })).toMatchObject({ requestsDays: null, alertsDays: 120 });
    const developer = await setup.member(owner, "developer");
    expect(await refusal(getRetention(developer, {}))).toMatchObject({ code: "forbidden" });
  });
});

describe("a partition past the longest retention", () => {
  test("is dropped; while it is read, the run tries some times, gives up, and a later run drops it", async () => {
    const owner = await setup.organisation();
    const events = await filled(owner);
    await apply(60);
    const reader = new pg.Client({ connectionString: setup.database.ownerUrl });
    await reader.connect();
    await reader.query("begin; select count(*) from usage_event");
    let waits = 0;
    const run = await apply(60, async () => {
      waits += 1;
    });
    expect([run, waits]).toEqual([{ dropped: [], gaveUp: true, deleted: expect.anything() }, 4]);
    await reader.end();
    const name = `usage_event_${iso(100).slice(0, 10).replaceAll("-", "")}`;
    expect(await apply(60)).toMatchObject({ dropped: [name], gaveUp: false });
    expect(await idsOf(owner)).toEqual(
      events
        .slice(1)
        .map(({ id }) => id)
        .reverse(),
    );
    expect(await spendOf(owner)).toEqual({ requests: 3, costUsd: "0.75" });
  });

  test("is dropped however Postgres joins its catalogue, which depends on how many tables there are", async () => {
    await apply(60);
    const day = iso(120).slice(0, 10);
    await query(setup.database.ownerUrl, `select ensure_usage_partition('${day}')`);
    const joined = new URL(setup.database.ingestUrl);
    joined.searchParams.set("options", "-c enable_nestloop=off");
    const other = openPool({ connectionString: joined.href });
    const { dropped } = await applyRetention(other, setup.clock.now(), 60).finally(() => other.end());
    expect(dropped).toEqual([`usage_event_${day.replaceAll("-", "")}`]);
  });

  test("leaves a ledger whose invariants hold for what is kept", async () => {
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("is the only thing that the worker's role can delete", async () => {
    const owner = await setup.organisation();
    await filled(owner);
    const { ingestUrl, ownerUrl } = setup.database;
    await expect(query(ingestUrl, "delete from usage_event")).rejects.toThrow(/permission denied/);
    await expect(query(ingestUrl, "drop table usage_minute")).rejects.toThrow(/must be owner/);
    // Whatever the stored bounds say.
    const tomorrow = `'${iso(-2)}'`;
    await query(
      ingestUrl,
      `insert into usage_kept (name, since) values ('usage_event', ${tomorrow}) on conflict (name) do update set since = excluded.since`,
    );
    await query(ownerUrl, `insert into retention (org_id, requests_since) values ('${owner.orgId}', ${tomorrow})`);
    const drop = "select drop_usage_partition() as name";
    const dropped: (string | null | undefined)[] = [];
    do dropped.push((await query<{ name: string | null }>(ingestUrl, drop))[0]?.name);
    while (dropped.at(-1));
    const oldest = iso(35).slice(0, 10).replaceAll("-", "");
    expect(dropped.every((name) => !name || name < `usage_event_${oldest}`)).toBe(true);
    const forget = `select forget_requests('${owner.orgId}', 1000)`;
    await query(ingestUrl, forget, forget, forget);
    const [left] = await query<{ n: number }>(
      ownerUrl,
      `select count(*)::int as n from usage_event where org_id = '${owner.orgId}'`,
    );
    expect(left?.n).toBe(1);
  });
});

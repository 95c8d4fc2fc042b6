import type { Context } from "@tollgate/control/context";
import { closeMonth } from "@tollgate/control/ledger/close";
import { monthAt } from "@tollgate/control/ledger/months";
import { reconcileLimits } from "@tollgate/control/ledger/reconcile-limits";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { fillLimits } from "@tollgate/control/limits/fill-limits";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger, usageEvent } from "./ledger.ts";
import { randomUsage } from "./rollups/random-usage.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const DAY_MS = 86_400_000;

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
  await look("insert into usage_kept values ('usage_reshape', now())");
});
afterAll(() => pool.end());

const look = (sql: string) => query<Record<string, unknown>>(setup.database.ownerUrl, sql);

/** What limits of one organisation count, computed from the events; only for windows in UTC. */
const counted = (orgId: string) =>
  look(`
    select l.scope, l.unit, l."window", s.subject, sum(case l.unit when 'requests' then 1 when 'tokens' then e.input_tokens + e.output_tokens
      else coalesce(e.counted_nano, e.held_nano, 0) end)::text as settled
    from usage_rated as e join usage_limit as l on l.org_id = e.org_id
    cross join lateral (
      select '' as subject where l.scope = 'organisation' union all select e.team_id::text where l.scope = 'team'
      union all select e.member_id::text where l.scope = 'member' union all select e.key_id::text where l.scope = 'key'
      union all select e.customer where l.scope = 'customer' union all select e.session where l.scope = 'run'
      union all select e.end_user where l.scope = 'end_user' union all select e.cost_centre where l.scope = 'cost_centre'
      union all select t.key || '=' || t.value from jsonb_each_text(e.tags) as t where l.scope = 'tag'
    ) as s
    where e.org_id = '${orgId}' and e.outcome <> 'refused' and s.subject is not null and (l.subject is null or l.subject = s.subject)
      and (l."window" = 'total' or e.at >= date_trunc(l."window"::text, timestamptz '${new Date(setup.clock.now()).toISOString()}', 'UTC'))
    group by 1, 2, 3, 4 having sum(case l.unit when 'usd' then coalesce(e.counted_nano, e.held_nano, 0) else 1 end) <> 0 order by 1, 2, 3, 4`);
const kept = (orgId: string) =>
  look(`select l.scope, l.unit, l."window", c.subject, c.settled::text from limit_counter as c join usage_limit as l on l.id = c.limit_id
    where c.org_id = '${orgId}' and c.settled <> 0 order by 1, 2, 3, 4`);

const ALL = { amount: "1000000000" };
async function setAll(owner: Context): Promise<void> {
  for (const scope of ["organisation", "team", "member", "key", "tag", "customer"] as const)
    for (const [unit, window] of [
      ["usd", "month"],
      ["requests", "total"],
      ["tokens", "day"],
    ] as const)
      await setLimit(owner, { ...ALL, scope, unit, window });
}

test("a new limit counts all usage of its window from roll-ups, with unpriced, refused and late calls", async () => {
  const owner = await setup.organisation();
  const nowMs = setup.clock.now();
  const lastMonth = monthAt(monthAt(nowMs, "UTC").fromMs - 1, "UTC");
  const events = randomUsage(owner.orgId, 200, lastMonth.fromMs, nowMs, 11);
  await ledger.ingest(events.slice(0, 130));
  await closeMonth(owner, { month: lastMonth.month });
  await runMaintenance(pool, nowMs);
  // Late calls are booked in the open month, but count in the windows in which they were made.
  await ledger.ingest(events.slice(130));
  await setAll(owner);
  expect((await listLimits(owner, {})).items.filter(({ countingSince }) => countingSince !== null)).toEqual([]);
  expect(await kept(owner.orgId)).toEqual(await counted(owner.orgId));
  await fillLimits(pool, nowMs);
  expect(await kept(owner.orgId)).toEqual(await counted(owner.orgId));
  expect(await look("select id from usage_limit where filling is not null")).toEqual([]);
});

test("a new limit on each run counts its calls from before at once, one on end users or cost centres by a job", async () => {
  const owner = await setup.organisation();
  const nowMs = setup.clock.now();
  const unpriced = { costNano: null, pricing: "unpriced" } as const;
  await ledger.ingest(
    Array.from({ length: 30 }, (_, n) =>
      usageEvent(owner.orgId, nowMs - n * 3_600_000, {
        session: n % 4 ? `run-${n % 4}` : null,
        endUser: n % 3 ? `user-${n % 3}` : null,
        costCentre: n % 2 ? "CC-1" : null,
        ...(n % 5 === 0 && unpriced),
        ...(n % 7 === 0 && { outcome: "refused", status: 402, costNano: "0", use: { input: 0, output: 0 } }),
      }),
    ),
  );
  for (const unit of ["usd", "requests", "tokens"] as const) {
    await setLimit(owner, { ...ALL, scope: "run", unit, window: "total" });
    for (const scope of ["end_user", "cost_centre"] as const)
      await setLimit(owner, { ...ALL, scope, unit, window: "total" });
  }
  const of = (rows: Record<string, unknown>[]) => rows.filter(({ scope }) => scope === "run");
  expect(of(await kept(owner.orgId))).toEqual(of(await counted(owner.orgId)));
  await fillLimits(pool, nowMs);
  expect(await kept(owner.orgId)).toEqual(await counted(owner.orgId));
  expect(await reconcileLimits(pool, owner.orgId, nowMs)).toEqual([]);
});

test("setting a limit does not wait for ingest, and usage that is being ingested is added once", async () => {
  const owner = await setup.organisation();
  const at = setup.clock.now();
  const requests = { ...ALL, scope: "organisation", unit: "requests", window: "total" } as const;
  const first = await setLimit(owner, requests);
  await ledger.ingest([usageEvent(owner.orgId, at)]);
  // The next batch reads the limits, and then waits until it can write this counter.
  const blocker = new pg.Client({ connectionString: setup.database.ownerUrl });
  await blocker.connect();
  await blocker.query("begin");
  await blocker.query("select from limit_counter where limit_id = $1 for update", [first.id]);
  const ingested = ledger.ingest([usageEvent(owner.orgId, at)]);
  const waits =
    "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into limit_counter%'";
  await waitFor(async () => (await look(waits)).length > 0);
  const second = await setLimit(owner, requests);
  expect(second).toMatchObject({ spent: "1", countingSince: null });
  const filled = fillLimits(pool, at);
  await waitFor(
    async () => (await look("select from pg_stat_activity where query like '%virtualtransaction as id%'")).length > 0,
  );
  await blocker.query("commit");
  await blocker.end();
  await Promise.all([ingested, filled]);
  expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "2" }, { spent: "2" }]);
});

test("what roll-ups cannot tell is counted by a job, and until then the limit says since when it counts", async () => {
  const owner = await setup.organisation();
  const model = { id: freshId() };
  await look(`insert into model (id, org_id, name) values ('${model.id}', '${owner.orgId}', 'asked')`);
  const at = setup.clock.now();
  await ledger.ingest([1, 2, 3].map(() => usageEvent(owner.orgId, at, { modelId: model.id, model: "asked" })));
  const limit = await setLimit(owner, { ...ALL, scope: "model", subject: model.id, unit: "requests", window: "month" });
  expect(limit).toMatchObject({ spent: "0", countingSince: limit.createdAt });
  await ledger.ingest([usageEvent(owner.orgId, at, { modelId: model.id, model: "asked" })]);
  expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "1" }]);
  await fillLimits(pool, at);
  expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "4", countingSince: null }]);
});

test("windows of a zone of half an hour are filled from hours after the minutes are deleted", async () => {
  const owner = await setup.organisation();
  // Set from the beginning: after a change, the open window would still be one of the former zone.
  await look(`update organisation set time_zone = 'Asia/Kolkata' where id = '${owner.orgId}'`);
  const nowMs = setup.clock.now();
  const first = monthAt(nowMs, "Asia/Kolkata").fromMs;
  await ledger.ingest([
    usageEvent(owner.orgId, first - 1, { customer: "a" }),
    usageEvent(owner.orgId, first, { customer: "a" }),
  ]);
  await look(
    `insert into usage_kept values ('usage_minute', '${new Date(nowMs + DAY_MS).toISOString().slice(0, 10)}')`,
  );
  await look("delete from usage_minute");
  for (const scope of ["organisation", "customer"] as const)
    await setLimit(owner, { ...ALL, scope, unit: "requests", window: "month" });
  expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "1" }, { spent: "1" }]);
});

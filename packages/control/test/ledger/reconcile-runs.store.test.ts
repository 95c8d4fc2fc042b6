import type { Context } from "@tollgate/control/context";
import { rebuildUsage } from "@tollgate/control/ledger/rebuild";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { setPrice } from "@tollgate/control/prices/set";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Ledger, openLedger } from "../ledger.ts";
import { randomUsage } from "../rollups/random-usage.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const HOUR = 3_600_000;

let setup: TestSetup;
let ledger: Ledger;
let owner: Context;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

/** Forty runs of random calls, of which some are refused, broken or unpriced. */
beforeEach(async () => {
  owner = await setup.organisation();
  const nowMs = setup.clock.now();
  const events = randomUsage(owner.orgId, 300, nowMs - 4 * HOUR, nowMs, 5);
  const named = events.map((event, n) => ({ ...event, session: n % 5 === 0 ? null : `run ${n % 40}` }));
  for (let at = 0; at < named.length; at += 60) await ledger.ingest(named.slice(at, at + 60));
});

const runs = () =>
  query(setup.database.ownerUrl, `select * from usage_run where org_id = '${owner.orgId}' order by session`);
const change = (sql: string) => query(setup.database.ownerUrl, sql.replaceAll("$org", owner.orgId));

const range = () => ({
  from: new Date(setup.clock.now() - 5 * HOUR).toISOString(),
  to: new Date(setup.clock.now() + HOUR).toISOString(),
});

/** Asks for a rebuild, and returns how many runs differed. */
async function rebuild(): Promise<number> {
  await rebuildUsage(owner, range());
  await ledger.runMaintenance(setup.clock.now());
  const [done] = await change(
    "select differences from ledger_maintenance where org_id = '$org' and kind = 'rebuild' order by asked_at desc limit 1",
  );
  const differences = done?.differences as { table: string; rows: number }[];
  return differences.find(({ table }) => table === "usage_run")?.rows ?? 0;
}

test("runs that ingest and re-rating keep never differ from their events", async () => {
  expect(await rebuild()).toBe(0);
  await setPrice(owner, {
    ...{ provider: "openai", upstreamModel: "model-1", inputPerMillionUsd: "3", outputPerMillionUsd: "9" },
    from: new Date(setup.clock.now() - 30 * 24 * HOUR).toISOString(),
  });
  const before = await runs();
  await rerateUsage(owner, { ...range(), note: "a new contract" });
  await ledger.runMaintenance(setup.clock.now());
  expect(await runs()).not.toEqual(before);
  expect(await rebuild()).toBe(0);
});

test("runs that were changed, deleted or invented are computed again, by a rebuild and by the daily check", async () => {
  const before = await runs();
  const spoil = () =>
    change(`
      with gone as (delete from usage_run where org_id = '$org' and session in ('run 1', 'run 2')),
      invented as (insert into usage_run select (json_populate_record(r, '{"session":"nobody"}')).* from usage_run as r
        where org_id = '$org' and session = 'run 3')
      update usage_run set requests = requests + 1, cost_nano = 0 where org_id = '$org' and session in ('run 4', 'run 6', 'run 7')`);
  await spoil();
  expect(await rebuild()).toBe(6);
  expect(await runs()).toEqual(before);
  await ledger.check(setup.clock.now());
  await spoil();
  await change("update ledger_check set due_at = '-infinity' where org_id = '$org'");
  await ledger.check(setup.clock.now());
  expect(await runs()).toEqual(before);
});

test("a run with calls before the range is left as it is", async () => {
  await change(
    "update usage_run set first_at = first_at - interval '40 hours', requests = 99 where org_id = '$org' and session = 'run 1'",
  );
  const before = await runs();
  expect(await rebuild()).toBe(0);
  expect(await runs()).toEqual(before);
});

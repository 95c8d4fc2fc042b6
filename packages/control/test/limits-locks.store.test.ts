import { checkLedgers } from "@tollgate/control/ledger/check-ledgers";
import { bulkDeleteLimits } from "@tollgate/control/limits/bulk-delete";
import { bulkSetLimits } from "@tollgate/control/limits/bulk-set";
import { deleteLimit } from "@tollgate/control/limits/delete";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger, usageEvent } from "./ledger.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
});
afterAll(() => pool.end());

const look = (sql: string) => query<Record<string, unknown>>(setup.database.ownerUrl, sql);
const limit = { scope: "key", unit: "requests", window: "total", amount: "100" } as const;

test("limits are set and deleted while usage is being counted on them; neither waits for the other", async () => {
  const owner = await setup.organisation();
  const call = (keyId: string) => usageEvent(owner.orgId, setup.clock.now(), { keyId });
  const [first, second, third] = [
    await setLimit(owner, limit),
    await setLimit(owner, limit),
    await setLimit(owner, limit),
  ];
  const keyId = "00000000-0000-7000-8000-000000000001";
  await ledger.ingest([call(keyId)]);
  // The next batch has read the limits and some of their counters, and then waits for the counter of the third.
  const blocker = new pg.Client({ connectionString: setup.database.ownerUrl });
  await blocker.connect();
  await blocker.query("begin");
  await blocker.query("select from limit_counter where limit_id = $1 for update", [third.id]);
  const ingested = ledger.ingest([call(keyId), call("00000000-0000-7000-8000-000000000002")]);
  const waits =
    "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into limit_counter%'";
  await waitFor(async () => (await look(waits)).length > 0);
  await deleteLimit(owner, { id: first.id });
  await bulkDeleteLimits(owner, { ids: [second.id, third.id] });
  const { ids } = await bulkSetLimits(owner, { items: [limit, { ...limit, window: "month" }] });
  expect(ids).toHaveLength(2);
  expect(await look(waits)).toHaveLength(1);
  await blocker.query("commit");
  await blocker.end();
  await ingested;
  expect((await listLimits(owner, {})).items.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test("counters of a deleted limit are deleted by the daily check, and those of other limits stay", async () => {
  const owner = await setup.organisation();
  const [gone, kept] = [await setLimit(owner, limit), await setLimit(owner, limit)];
  await ledger.ingest([usageEvent(owner.orgId, setup.clock.now())]);
  await deleteLimit(owner, { id: gone.id });
  const counters = () => look(`select limit_id as id from limit_counter where org_id = '${owner.orgId}'`);
  expect(await counters()).toHaveLength(2);
  await checkLedgers(pool, { nowMs: setup.clock.now(), dueMs: Date.now() + 3_600_000 });
  await look("update ledger_check set due_at = 'epoch'");
  expect(await checkLedgers(pool, { nowMs: setup.clock.now() })).toMatchObject({ corrected: [] });
  expect(await counters()).toEqual([{ id: kept.id }]);
});

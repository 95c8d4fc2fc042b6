import { LIMIT_WINDOWS } from "@tollgate/contracts/limit";
import type { Context } from "@tollgate/control/context";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { applyRetention } from "@tollgate/control/retention/apply";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let setup: TestSetup;
let pool: Pool;
let owner: Context;
let limits: Map<string, string>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

/** A limit of each window on each customer. */
beforeEach(async () => {
  owner = await setup.organisation();
  limits = new Map();
  for (const window of LIMIT_WINDOWS) {
    const limit = await setLimit(owner, { unit: "requests", scope: "customer", subject: null, window, amount: "5" });
    limits.set(window, limit.id);
  }
});

const sql = (text: string) => query<{ window: string; ago: string }>(setup.database.ownerUrl, text);
const apply = () => applyRetention(pool, setup.clock.now(), 400);

/** Counters of windows that began so long ago, of three customers. */
const insert = (window: string, agoMs: number, customers = 3) =>
  sql(`insert into limit_counter (org_id, limit_id, subject, window_start, settled)
    select '${owner.orgId}', '${limits.get(window)}', 'c' || n, to_timestamp(${(setup.clock.now() - agoMs) / 1_000}), 1
    from generate_series(1, ${customers}) as n`);

const left = async (window: string) =>
  (await sql(`select subject from limit_counter where limit_id = '${limits.get(window)}'`)).length;

test.each<[string, kept: number, deleted: number]>([
  ["minute", 23 * HOUR, 25 * HOUR],
  ["hour", 6 * DAY, 8 * DAY],
  ["day", 41 * DAY, 43 * DAY],
  ["week", 47 * DAY, 49 * DAY],
  ["month", 71 * DAY, 73 * DAY],
  ["quarter", 132 * DAY, 134 * DAY],
])(
  "deletes counters of a %s that ended long ago, and keeps those that late usage may change",
  async (window, kept, old) => {
    await insert(window, kept);
    await insert(window, old);
    expect((await apply()).deleted).toMatchObject({ limit_counter: 3 });
    expect(await left(window)).toBe(3);
    expect((await apply()).deleted).not.toHaveProperty("limit_counter");
  },
);

test("keeps counters of a limit without an end, and what the page of limits shows", async () => {
  await insert("total", 3_000 * DAY);
  await sql(`update limit_counter set window_start = to_timestamp(0) where limit_id = '${limits.get("total")}'`);
  const before = (await listLimits(owner, {})).items;
  expect(before.some(({ window, spent }) => window === "total" && spent === "1")).toBe(true);
  await apply();
  expect(await left("total")).toBe(3);
  expect((await listLimits(owner, {})).items).toEqual(before);
});

test("deletes in small steps, and leaves rows to the next run that ingest is changing", async () => {
  await insert("minute", 2 * DAY, 12_000);
  const client = await pool.connect();
  await client.query("begin");
  await client.query(`select from limit_counter where limit_id = $1 and subject = 'c7' for update`, [
    limits.get("minute"),
  ]);
  const { deleted } = await apply();
  await client.query("commit");
  client.release();
  expect(deleted.limit_counter).toBe(11_999);
  expect((await apply()).deleted).toMatchObject({ limit_counter: 1 });
});

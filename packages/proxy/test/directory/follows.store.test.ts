import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { openPool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addKey, type Opened, open, openRelay, type Relay } from "./open-directory.ts";

const orgId = uuidV7(Date.now());
let database: TestDatabase;
let dir: string;
let relay: Relay;
let opened: Opened;

const sql = (...statements: string[]) => query(database.ownerUrl, ...statements);

beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-directory-"));
  relay = await openRelay(database.proxyUrl);
  await sql(
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme')`,
    `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds)
     values ('${uuidV7(Date.now())}', '${orgId}', 'organisation', null, 'usd', 'month', 9007199254740993, '{80}')`,
  );
  await addKey(database.ownerUrl, orgId, "known00000");
});
afterEach(() => opened.close());
afterAll(async () => {
  await relay.cut();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test("policy is read on first use, changes arrive, and a lost connection is noticed", async () => {
  opened = await open({ connectionString: relay.url, dir });
  const { directory, find, outcome } = opened;
  await waitFor(() => directory.fresh());
  expect((await find("known00000"))?.org.limits).toMatchObject([{ amount: 9007199254740993n, thresholds: [80] }]);
  // At once, and the same object while nothing about it changes.
  const asker = { atMs: Date.now(), clientAddress: null };
  expect(directory.find("known00000", asker)).toBe(directory.find("known00000", asker));

  expect(await outcome("second0000")).toBe("unknown");
  await addKey(database.ownerUrl, orgId, "second0000");
  await waitFor(async () => (await outcome("second0000")) === "active");

  const increases = () => directory.org(orgId)?.limits[0]?.increases;
  const untilMs = Date.now() + 3_600_000;
  await sql(
    `insert into limit_increase (id, org_id, limit_id, amount, until, reason, made_by)
     select gen_random_uuid(), org_id, id, 9007199254740993, to_timestamp(${untilMs} / 1000.0), 'Launch', 'Ada' from usage_limit`,
  );
  await waitFor(() => increases()?.length === 1);
  expect(increases()).toEqual([{ amount: 9007199254740993n, untilMs }]);
  await sql("update limit_increase set revoked_at = now()");
  await waitFor(() => increases()?.length === 0);

  await relay.cut();
  await waitFor(() => !directory.fresh());
  expect(await outcome("known00000")).toBe("active");
  expect(await outcome("meanwhile0")).toBe("policy_unavailable");
  expect(directory.ready()).toBe(true);

  await addKey(database.ownerUrl, orgId, "meanwhile0");
  await sql("update virtual_key set state = 'revoked' where public_id = 'known00000'");
  await relay.mend();
  await waitFor(() => directory.fresh());
  expect(await outcome("meanwhile0")).toBe("active");
  expect(await outcome("known00000")).toBe("revoked");

  await sql("delete from virtual_key where public_id = 'meanwhile0'");
  await waitFor(async () => (await outcome("meanwhile0")) === "unknown");
  expect(directory.key("meanwhile0")).toBeUndefined();
});

test("a change is noticed without notifications, as behind a pooler", async () => {
  const elsewhere = new URL(database.proxyUrl);
  // Notifications do not reach other databases.
  elsewhere.pathname = "/template1";
  opened = await open({ connectionString: database.proxyUrl, dir, lookMs: 20 }, {}, elsewhere.href);
  const { outcome } = opened;
  expect(await outcome("known00000")).toBe("revoked");
  expect(await outcome("polled0000")).toBe("unknown");
  await addKey(database.ownerUrl, orgId, "polled0000");
  await sql("update virtual_key set state = 'active' where public_id = 'known00000'");
  await waitFor(async () => (await outcome("polled0000")) === "active");
  await waitFor(async () => (await outcome("known00000")) === "active");
});

test("a transaction that commits after one with a later revision is noticed, also when it began long before", async () => {
  const pool = openPool({ connectionString: database.ownerUrl, max: 1 });
  const slow = await pool.connect();
  try {
    opened = await open({ connectionString: database.proxyUrl, dir, lookMs: 20 });
    const { outcome } = opened;
    expect([await outcome("known00000"), await outcome("late000000")]).toEqual(["active", "unknown"]);
    await slow.query("begin");
    await slow.query(
      `insert into virtual_key (id, org_id, public_id, name, last_four) values (gen_random_uuid(), '${orgId}', 'late000000', 'A key', '')`,
    );
    const [{ revision } = { revision: "" }] = (
      await slow.query<{ revision: string }>("select max(revision) as revision from policy_change")
    ).rows;
    const other = uuidV7(Date.now());
    await sql(`insert into organisation (id, slug, name) values ('${other}', 'other', 'Other')`);
    await addKey(database.ownerUrl, other, "early00000");
    await waitFor(async () => (await outcome("early00000")) === "active");
    const [newest] = await sql("select max(revision) as revision from policy_change");
    expect(BigInt(newest?.revision)).toBeGreaterThan(BigInt(revision));
    expect(await outcome("late000000")).toBe("unknown");
    await slow.query("commit");
    await waitFor(async () => (await outcome("late000000")) === "active");
  } finally {
    slow.release();
    await pool.end();
  }
});

test("more changes than one page has are all noticed", async () => {
  opened = await open({ connectionString: database.proxyUrl, dir, lookMs: 20 });
  expect(await opened.outcome("page006000")).toBe("unknown");
  await sql(
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     select gen_random_uuid(), '${orgId}', 'page' || lpad(n::text, 6, '0'), 'A key', '' from generate_series(1, 6000) as n`,
  );
  await waitFor(async () => (await opened.outcome("page006000")) === "active");
});

test("in a database that was restored nothing in memory is trusted", async () => {
  opened = await open({ connectionString: database.proxyUrl, dir, lookMs: 20 });
  const { outcome } = opened;
  expect(await outcome("known00000")).toBe("active");
  // As after a restore: the changes that were read are not there, and the log says nothing of the difference.
  await sql(
    "set session_replication_role = replica",
    "update virtual_key set state = 'disabled' where public_id = 'known00000'",
    "delete from policy_change where revision > 1",
  );
  await waitFor(async () => (await outcome("known00000")) === "disabled");
});

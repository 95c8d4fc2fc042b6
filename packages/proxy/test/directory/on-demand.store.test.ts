import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Opened, open } from "./open-directory.ts";

const [orgId, otherId] = [uuidV7(Date.now()), uuidV7(Date.now())];
const KEYS = 5_000;
let database: TestDatabase;
let dir: string;
let opened: Opened;

const sql = (...statements: string[]) => query(database.ownerUrl, ...statements);
const publicId = (at: number): string => `key${String(at).padStart(7, "0")}`;

/** Rows that were fetched from a table for queries so far. */
async function fetched(table: string): Promise<number> {
  await sql("select pg_stat_force_next_flush()");
  const [row] = await sql(
    `select seq_tup_read + coalesce(idx_tup_fetch, 0) as rows from pg_stat_user_tables where relname = '${table}'`,
  );
  return Number(row?.rows);
}

interface Plan {
  "Actual Rows"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
}

/** Rows that all steps of a plan read. */
const rowsOf = (plan: Plan): number =>
  (plan["Actual Rows"] ?? 0) +
  (plan["Rows Removed by Filter"] ?? 0) +
  (plan.Plans ?? []).reduce((sum, step) => sum + rowsOf(step), 0);

beforeAll(async () => {
  database = await testDatabase();
  await sql(
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme'), ('${otherId}', 'other', 'Other')`,
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     select gen_random_uuid(), '${orgId}', 'key' || lpad(n::text, 7, '0'), 'Key ' || n, '' from generate_series(1, ${KEYS}) as n`,
    `insert into key_secret (id, org_id, key_id, hash) select gen_random_uuid(), org_id, id, 'ab' from virtual_key`,
    `insert into virtual_key (id, org_id, public_id, name, last_four) values (gen_random_uuid(), '${otherId}', 'others0000', 'Its own', '')`,
    `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds)
     select gen_random_uuid(), org_id, 'key', id::text, 'usd', 'month', 5, '{}' from virtual_key limit 200`,
    "analyze",
  );
});
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-on-demand-"));
  opened = await open({ connectionString: database.proxyUrl, dir });
  await waitFor(() => opened.directory.ready() && opened.directory.fresh());
});
afterEach(async () => {
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});
afterAll(() => database.drop());

test("a first call reads its key and its organisation, however many keys there are", async () => {
  const { find, keyReads, orgReads } = opened;
  expect([...keyReads.flat(), ...orgReads.flat()]).toEqual([]);
  const [keysBefore, secretsBefore] = [await fetched("virtual_key"), await fetched("key_secret")];
  const grant = await find(publicId(7));
  expect(grant?.key).toMatchObject({ publicId: publicId(7), secrets: [{ hash: "ab" }] });
  // Its limits name 200 keys, each of which is found by its id.
  expect(grant?.org.limits).toHaveLength(200);
  expect(grant?.org.limits.every(({ subjectName }) => subjectName?.startsWith("Key "))).toBe(true);
  expect(await fetched("virtual_key")).toBeLessThanOrEqual(keysBefore + 201);
  expect(await fetched("key_secret")).toBeLessThanOrEqual(secretsBefore + 1);
  expect([keyReads, orgReads]).toEqual([[[publicId(7)]], [[orgId]]]);
});

test("limits are seeded from counters of the organisations asked for, never from events", async () => {
  const scans = async (): Promise<number> => {
    await sql("select pg_stat_force_next_flush()");
    const [row] = await sql(
      `select sum(seq_scan + coalesce(idx_scan, 0))::integer as scans from pg_stat_user_tables where relname like 'usage_event%'`,
    );
    return row?.scans;
  };
  await sql(
    "select ensure_usage_partition(current_date)",
    `insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     select org_id, id, subject, date_trunc('month', now()), 3 from usage_limit`,
  );
  const before = await scans();
  const spoolId = uuidV7(Date.now());
  const [{ orgs }, { found }] = await Promise.all([
    opened.reader.ledger(spoolId, [orgId]),
    opened.reader.ledgerState(orgId, []),
  ]);
  expect([[...orgs.keys()], orgs.get(orgId)?.settled.committed.size]).toEqual([[orgId], 200]);
  expect(found?.settled.committed.size).toBe(200);
  expect(await scans()).toBe(before);
});

test("a change of one key reads that key alone", async () => {
  const { find, outcome, keyReads, orgReads } = opened;
  await Promise.all(Array.from({ length: 50 }, (_, at) => find(publicId(at + 1))));
  keyReads.splice(0);
  orgReads.splice(0);
  await sql(`update virtual_key set state = 'revoked' where public_id = '${publicId(3)}'`);
  await waitFor(() => keyReads.length > 0);
  await waitFor(async () => (await outcome(publicId(3))) === "revoked");
  expect([keyReads, orgReads]).toEqual([[[publicId(3)]], []]);
  const [plan] = await query(
    database.proxyUrl,
    `explain (analyze, format json) select key from directory_key where public_id = any('{${publicId(3)}}')`,
  );
  expect(JSON.stringify(plan)).toContain("virtual_key_public_id_key");
  expect(rowsOf(plan?.["QUERY PLAN"][0].Plan)).toBeLessThanOrEqual(5);
  await sql(`update virtual_key set state = 'active' where public_id = '${publicId(3)}'`);
});

test("calls that wait for the same keys share their reading, and keys that wait meanwhile are one more", async () => {
  const { find, keyReads, orgReads } = opened;
  const calls = Array.from({ length: 300 }, (_, at) => find(publicId((at % 100) + 101)));
  await Promise.all(calls);
  expect(keyReads).toHaveLength(1);
  expect(keyReads[0]).toHaveLength(100);
  expect(orgReads).toEqual([[orgId]]);
  await Promise.all(calls.map((_, at) => find(publicId((at % 100) + 101))));
  expect(keyReads).toHaveLength(1);
});

test("a stream under way sees that its key was revoked", async () => {
  await opened.find(publicId(9));
  await sql(`update virtual_key set state = 'revoked' where public_id = '${publicId(9)}'`);
  await waitFor(() => opened.directory.key(publicId(9))?.state === "revoked");
});

test("a key that exists in one organisation is never given to another, nor with its policy", async () => {
  const [one, other] = await Promise.all([opened.find(publicId(1)), opened.find("others0000")]);
  expect([one?.org.id, one?.key.orgId, other?.org.id, other?.key.orgId]).toEqual([orgId, orgId, otherId, otherId]);
  expect(other?.org.limits).toEqual([]);
});

test("no more keys are in memory than allowed, and all of them work", async () => {
  await opened.close();
  opened = await open({
    connectionString: database.proxyUrl,
    dir,
    keyBounds: { entriesMax: 20, bytesMax: Number.POSITIVE_INFINITY },
  });
  const { find, keyReads } = opened;
  for (let at = 11; at <= 60; at += 1) expect((await find(publicId(at)))?.key.publicId).toBe(publicId(at));
  expect(keyReads).toHaveLength(50);
  await find(publicId(60));
  expect(keyReads).toHaveLength(50);
  await find(publicId(11));
  expect(keyReads).toHaveLength(51);
});

test("an address that asks for keys that do not exist makes few readings, is refused, and keys in use go on working", async () => {
  const { outcome, keyReads } = opened;
  expect(await outcome(publicId(1), "198.51.100.9")).toBe("active");
  const flood = Array.from({ length: 2_500 }, (_, at) => outcome(`none${String(at).padStart(6, "0")}`, "198.51.100.9"));
  const outcomes = await Promise.all(flood);
  expect(new Set(outcomes)).toEqual(new Set(["unknown", "rate_limit_exceeded"]));
  const reads = keyReads.length;
  expect(await outcome("none999999", "198.51.100.9")).toBe("rate_limit_exceeded");
  expect(await outcome(publicId(1), "198.51.100.9")).toBe("active");
  // One that is known not to exist costs no reading, and another address is not concerned.
  expect(await outcome("none000001", "198.51.100.9")).toBe("unknown");
  expect(keyReads).toHaveLength(reads);
  expect(await outcome(publicId(2), "198.51.100.10")).toBe("active");
});

test("an address with many keys that exist is not refused", async () => {
  const calls = Array.from({ length: 1_500 }, (_, at) => opened.outcome(publicId(at + 100), "198.51.100.20"));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(["active"]));
});

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { withDatabase } from "@tollgate/local/postgres";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openDatabase } from "../src/client.ts";
import { withTenant } from "../src/with-tenant.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

const folder = path.join(import.meta.dirname, "../../../prisma/migrations");
const RENAMES = "20261128200";

test("a table is renamed beside running transactions and prepared statements", async () => {
  const { ownerUrl, password } = inject("cluster");
  const name = `renamed_${process.pid}`;
  const url = withDatabase(ownerUrl, name);
  const all = readdirSync(folder).filter((each) => /^\d/.test(each));
  const apply = async (names: string[]) => {
    for (const each of names) await query(url, readFileSync(path.join(folder, each, "migration.sql"), "utf8"));
  };
  await query(ownerUrl, `CREATE DATABASE ${name}`);
  try {
    await apply(all.filter((each) => each < RENAMES));
    const ingestUrl = new URL(url);
    [ingestUrl.username, ingestUrl.password] = ["tollgate_ingest", password];
    const [running, prepared] = [0, 1].map(() => new pg.Client({ connectionString: ingestUrl.href })) as [
      pg.Client,
      pg.Client,
    ];
    await Promise.all([running.connect(), prepared.connect()]);
    const read = { name: "limits", text: "SELECT id FROM spend_limit" };
    await prepared.query(read);
    await running.query("BEGIN");
    await running.query(read);
    const renamed = apply(all.filter((each) => each.startsWith(RENAMES)));
    const waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'spend_limit'::regclass";
    await waitFor(async () => (await query(url, waits)).length > 0);
    expect((await prepared.query(read)).rows).toEqual([]);
    await running.query("COMMIT");
    await renamed;
    expect((await prepared.query(read)).rows).toEqual([]);
    await Promise.all([running.end(), prepared.end()]);
    expect(await query(url, "SELECT id FROM usage_limit")).toEqual([]);
  } finally {
    await query(ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
});

describe("a process of the version before", () => {
  let database: TestDatabase;
  let [a, b]: TestTenant[] = [];
  beforeAll(async () => {
    database = await testDatabase();
    [a, b] = [await testTenant(database, "a"), await testTenant(database, "b")];
  });
  afterAll(() => database.drop());

  /** Runs SQL as the dashboard does for one tenant. */
  async function asTenant<Row>({ proof }: TestTenant, sql: string): Promise<Row[]> {
    const control = openDatabase({ connectionString: database.controlUrl });
    try {
      return await withTenant(control, proof, (tx) => tx.$queryRawUnsafe<Row[]>(sql));
    } finally {
      await control.close();
    }
  }

  const insert = (orgId: string, id: string, amount: number) => `
    INSERT INTO spend_limit (id, org_id, scope, unit, "window", amount, updated_at)
    VALUES ('${id}', '${orgId}', 'organisation', 'usd', 'day', ${amount}, now())`;
  const revisionOf = async ({ orgId }: TestTenant) =>
    (
      await query<{ revision: string }>(database.ownerUrl, `SELECT revision FROM organisation WHERE id = '${orgId}'`)
    )[0];

  test("reads and writes limits under their former name", async () => {
    if (!a) throw new Error("no tenant");
    const id = freshId();
    const before = await revisionOf(a);
    const [added] = await asTenant(a, `${insert(a.orgId, id, 5)} RETURNING id, mode, on_store_down`);
    expect(added).toEqual({ id, mode: "block", on_store_down: "allow" });
    expect(await revisionOf(a)).not.toEqual(before);
    const upsert = `${insert(a.orgId, id, 6)} ON CONFLICT (org_id, id) DO UPDATE SET amount = excluded.amount RETURNING amount`;
    expect(await asTenant(a, upsert)).toEqual([{ amount: 6n }]);
    expect(await asTenant(a, `SELECT amount FROM spend_limit WHERE id = '${id}' FOR UPDATE`)).toEqual([{ amount: 6n }]);
    const update = `UPDATE spend_limit SET mode = 'warn' WHERE (id = '${id}' AND 1=1) RETURNING mode`;
    expect(await asTenant(a, update)).toEqual([{ mode: "warn" }]);
    expect(await query(database.ingestUrl, "SELECT id, mode FROM spend_limit")).toEqual([{ id, mode: "warn" }]);
    expect(await asTenant(a, `DELETE FROM spend_limit WHERE id = '${id}' RETURNING id`)).toEqual([{ id }]);
    expect(await query(database.ownerUrl, "SELECT id FROM usage_limit")).toEqual([]);
  });

  test("has no more rights under the former name than under the new one", async () => {
    if (!(a && b)) throw new Error("no tenant");
    const id = freshId();
    await asTenant(b, `${insert(b.orgId, id, 7)} RETURNING id`);
    expect(await asTenant(a, "SELECT id FROM spend_limit")).toEqual([]);
    expect(await asTenant(a, `UPDATE spend_limit SET amount = 0 WHERE id = '${id}' RETURNING id`)).toEqual([]);
    expect(await asTenant(a, `DELETE FROM spend_limit WHERE id = '${id}' RETURNING id`)).toEqual([]);
    await expect(asTenant(a, insert(b.orgId, freshId(), 1))).rejects.toThrow(/row-level security/);
    expect(await query(database.controlUrl, "SELECT id FROM spend_limit")).toEqual([]);
    await expect(query(database.proxyUrl, "SELECT id FROM spend_limit")).rejects.toThrow(/permission denied/);
    await expect(query(database.ingestUrl, "DELETE FROM spend_limit")).rejects.toThrow(/permission denied/);
  });

  test("asks for ledger maintenance and does it under its former name", async () => {
    if (!(a && b)) throw new Error("no tenant");
    const id = freshId();
    const asked = `INSERT INTO bookkeeping (id, org_id, kind, since, until) VALUES ('${id}', '${a.orgId}', 'rebuild', now(), now())`;
    expect(await asTenant(a, `${asked} RETURNING differences, adjusted`)).toEqual([{ differences: [], adjusted: 0 }]);
    expect(await asTenant(b, "SELECT id FROM bookkeeping")).toEqual([]);
    const done = `UPDATE bookkeeping SET done_at = now() WHERE id = '${id}' AND done_at IS NULL RETURNING kind`;
    expect(await query(database.ingestUrl, done)).toEqual([{ kind: "rebuild" }]);
    await expect(asTenant(a, `UPDATE bookkeeping SET done_at = NULL`)).rejects.toThrow(/permission denied/);
    expect(await query(database.ownerUrl, "SELECT id FROM ledger_maintenance WHERE done_at < now()")).toEqual([{ id }]);
  });

  test("asks under the former name whether the installation has an organisation", async () => {
    expect(await query(database.controlUrl, "SELECT inhabited FROM house")).toEqual([{ inhabited: true }]);
  });
});

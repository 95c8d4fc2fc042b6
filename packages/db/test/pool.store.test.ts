import { query } from "@tollgate/testkit/cluster";
import { pgBouncerMissing, startPgBouncer } from "@tollgate/testkit/pgbouncer";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { isDirect, openPool } from "../src/pool.ts";

const withoutPgBouncer = await pgBouncerMissing();

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function asked(connectionString: string): Promise<{ zone: string; direct: boolean }> {
  const pool = openPool({ connectionString, max: 1 });
  try {
    const client = await pool.connect();
    const { rows } = await client.query("select current_setting('TimeZone') as zone");
    client.release();
    return { zone: rows[0].zone, direct: isDirect(client) };
  } finally {
    await pool.end();
  }
}

test("every role has UTC by default, and recognises a direct connection to Postgres", async () => {
  for (const url of [database.controlUrl, database.proxyUrl, database.ingestUrl])
    expect(await asked(url)).toEqual({ zone: "UTC", direct: true });
});

test("a role in another time zone is refused with one line that says what to do", async () => {
  const name = new URL(database.ownerUrl).pathname.slice(1);
  await query(database.ownerUrl, `ALTER DATABASE ${name} SET timezone = 'Asia/Tokyo'`);
  await query(database.ownerUrl, `ALTER ROLE tollgate_proxy IN DATABASE ${name} SET timezone = 'Asia/Tokyo'`);
  await expect(asked(database.proxyUrl)).rejects.toThrow(
    "the role tollgate_proxy the time zone Asia/Tokyo, and it must be UTC: ALTER ROLE tollgate_proxy SET timezone = 'UTC'",
  );
  await query(database.ownerUrl, `ALTER ROLE tollgate_proxy IN DATABASE ${name} RESET timezone`);
  // The setting of a role has precedence over that of its database.
  expect(await asked(database.proxyUrl)).toMatchObject({ zone: "UTC" });
});

test.skipIf(withoutPgBouncer)("a pooler is recognised", async () => {
  const pooler = await startPgBouncer(inject("cluster"));
  expect(await asked(pooler.through(database.ingestUrl))).toEqual({ zone: "UTC", direct: false });
  await pooler.stop();
});

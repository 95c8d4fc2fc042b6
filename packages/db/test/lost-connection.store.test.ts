import { freePort } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../src/client.ts";
import { openPool } from "../src/pool.ts";
import { DatabaseUnavailable } from "../src/unavailable.ts";
import { withTenant } from "../src/with-tenant.ts";

let made: TestDatabase;
beforeAll(async () => {
  made = await testDatabase();
});
afterAll(() => made.drop());

test("a connection that breaks while in use fails the next query, not the process", async () => {
  const pool = openPool({ connectionString: made.ownerUrl });
  const held = await pool.connect();
  let broken = false;
  held.once("end", () => {
    broken = true;
  });
  const { rows } = await held.query("select pg_backend_pid() as pid");
  await pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
  await waitFor(() => broken);
  await expect(held.query("select 1")).rejects.toThrow();
  held.release(true);
  await pool.end();
});

test("an unreachable database is `DatabaseUnavailable`", async () => {
  const database = openDatabase({ connectionString: `postgresql://me@127.0.0.1:${await freePort()}/none` });
  await expect(withTenant(database, {}, (tx) => tx.team.findMany())).rejects.toThrow(DatabaseUnavailable);
  await database.close();
});

test("a session that the server ends is `DatabaseUnavailable`", async () => {
  const database = openDatabase({ connectionString: made.controlUrl });
  const owner = openPool({ connectionString: made.ownerUrl });
  const ended = withTenant(database, {}, async (tx) => {
    const [row] = await tx.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await owner.query("select pg_terminate_backend($1)", [row?.pid]);
    await tx.team.findMany();
  });
  await expect(ended).rejects.toThrow(DatabaseUnavailable);
  await owner.end();
  await database.close();
});

import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testTenant } from "./tenant.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("SQL run as the control role cannot record a failed sign-in that breaks another organisation's audit log", async () => {
  await testTenant(database, "victim");
  const note = (values: string) =>
    query(database.controlUrl, `SELECT note_failed_sign_in('victim@example.com', ${values})`);
  for (const at of ["infinity", "-infinity", "290000-01-01", "1970-01-01"])
    await note(`repeat('x', 100000), repeat('y', 100000), '${at}'`);
  const rows = await query<{ address: number; reason: string; recent: boolean; times: number }>(
    database.ownerUrl,
    `SELECT length(address) AS address, reason, times,
       first_at > now() - interval '1 hour' AND last_at <= now() AS recent FROM sign_in_failure`,
  );
  expect(rows).toEqual([{ address: 64, reason: "wrong_password", times: 4, recent: true }]);
});

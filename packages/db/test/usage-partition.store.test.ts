import { uuidFloor } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const ensure = (day: string) =>
  query<{ made: boolean }>(database.ingestUrl, `SELECT ensure_usage_partition('${day}') AS made`).then(
    ([row]) => row?.made,
  );

test("is created once, also by concurrent calls", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => ensure("2026-01-15")));
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await ensure("2026-01-15")).toBe(false);
});

test("contains exactly the ids of its UTC day", async () => {
  await ensure("2026-01-16");
  const dayStart = Date.UTC(2026, 0, 16);
  const bounds = await query(
    database.ownerUrl,
    "SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relname = 'usage_event_20260116'",
  );
  const [first, next] = [uuidFloor(dayStart), uuidFloor(dayStart + 86_400_000)];
  expect(bounds).toEqual([{ bound: `FOR VALUES FROM ('${first}') TO ('${next}')` }]);
});

test("has the ledger's keys and indexes", async () => {
  const kinds = await query(
    database.ownerUrl,
    "SELECT indisprimary, count(*)::int AS n FROM pg_index WHERE indrelid = 'usage_event_20260115'::regclass GROUP BY 1 ORDER BY 1",
  );
  expect(kinds).toEqual([
    { indisprimary: false, n: 2 },
    { indisprimary: true, n: 1 },
  ]);
});

test("cannot be created by the control role", async () => {
  await expect(query(database.controlUrl, "SELECT ensure_usage_partition('2026-01-17')")).rejects.toThrow(/permission/);
});

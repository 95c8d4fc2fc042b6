import { uuidFloor } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

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
  const indexesOf = (table: string): Promise<object[]> =>
    query(
      database.ownerUrl,
      `SELECT indisprimary, count(*)::int AS n FROM pg_index WHERE indrelid = '${table}'::regclass GROUP BY 1 ORDER BY 1`,
    );
  const kinds = await indexesOf("usage_event");
  expect(kinds).toMatchObject([{ indisprimary: false }, { indisprimary: true, n: 1 }]);
  expect(await indexesOf("usage_event_20260115")).toEqual(kinds);
});

describe("a partition from before an index", () => {
  const indexes = (day: string) =>
    query<{ name: string }>(
      database.ownerUrl,
      `SELECT c.relname AS name FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
       WHERE i.indrelid = 'usage_event_${day}'::regclass AND c.relname LIKE '%failed%'`,
    ).then((rows) => rows.map(({ name }) => name));
  const build = () =>
    query<{ day: string | null }>(database.ingestUrl, "SELECT index_usage_partition() AS day").then(
      ([row]) => row?.day,
    );

  test("gets it later; a day that ingest writes does not, unless it is empty", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const dayOf = (day: string) => day.replaceAll("-", "");
    await Promise.all([ensure("2026-01-20"), ensure(today), ensure("2099-01-01")]);
    const event = `INSERT INTO usage_event (id, org_id, at, key_id, model, surface, stream, status, outcome, attempts, attempt_count,
        cache, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, audio_input_tokens, output_tokens,
        reasoning_tokens, audio_output_tokens, searches, source, pricing, guardrails, tags, total_ms, overhead_ms)
      SELECT uuid_floor(now()), gen_random_uuid(), now(), gen_random_uuid(), 'm', 's', false, 200, 'complete', '[]', 1, 'off', 0, 0, 0, 0,
        0, 0, 0, 0, 0, 'none', 'priced', '[]', '{}', 1, 1`;
    const [definition] = await query<{ text: string }>(
      database.ownerUrl,
      "SELECT pg_get_indexdef('usage_event_failed_idx'::regclass) AS text",
    );
    await query(database.ownerUrl, event, "DROP INDEX usage_event_failed_idx", definition?.text ?? "");
    while (await build());
    expect(await indexes("20260120")).toEqual(["usage_event_20260120_failed_idx"]);
    expect(await indexes("20990101")).toHaveLength(1);
    expect(await indexes(dayOf(today))).toEqual([]);
    expect(await build()).toBeNull();
  });
});

test("cannot be created by the control role", async () => {
  await expect(query(database.controlUrl, "SELECT ensure_usage_partition('2026-01-17')")).rejects.toThrow(/permission/);
});

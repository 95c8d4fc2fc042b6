import { uuidTimeMs, uuidV7 } from "@tollgate/contracts/ids";
import type { LimitScope, LimitUnit, LimitWindow } from "@tollgate/contracts/limit";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ingestProven } from "../ledger.ts";
import { batch } from "./batch.ts";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = openPool({ connectionString: database.ingestUrl, max: 6 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const look = <Row extends object>(sql: string): Promise<Row[]> => query(database.ownerUrl, sql) as Promise<Row[]>;

const ingest = (events: readonly unknown[], where = {}) => ingestProven(pool, batch(events, where));

async function organisation(timeZone = "UTC"): Promise<string> {
  const id = freshId();
  await look(`insert into organisation (id, slug, name, time_zone) values ('${id}', '${id}', 'Acme', '${timeZone}')`);
  return id;
}

interface WantedLimit {
  orgId: string;
  scope: LimitScope;
  unit: LimitUnit;
  window: LimitWindow;
  subject?: string;
}

async function limit({ orgId, scope, unit, window, subject }: WantedLimit): Promise<string> {
  const id = freshId();
  await look(
    `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount)
     values ('${id}', '${orgId}', '${scope}', ${subject ? `'${subject}'` : "null"}, '${unit}', '${window}', 1000)`,
  );
  return id;
}

/** Events of two organisations, several keys and models, with every outcome, over three days. */
function assortment(count: number, orgIds: readonly string[]): UsageEvent[] {
  const now = Date.now();
  const keys = Array.from({ length: 5 }, freshId);
  return Array.from({ length: count }, (_, index) =>
    usageEvent({
      id: uuidV7(now - (index % 3) * 86_400_000 - index * 1_000),
      orgId: orgIds[index % orgIds.length] ?? "",
      keyId: keys[index % keys.length] ?? "",
      teamId: index % 4 === 0 ? (keys[0] ?? null) : null,
      model: `model-${index % 3}`,
      status: [200, 200, 200, 429, 499, 502][index % 6] ?? 200,
      outcome: index % 6 === 3 ? "refused" : "complete",
      costNano: index % 7 === 0 ? null : String(1_000_003 * (index + 1)),
      source: index % 7 === 0 ? "none" : "estimated",
      pricing: index % 7 === 0 ? "unpriced" : "priced",
      cache: index % 5 === 0 ? "hit" : "off",
      tags: index % 2 === 0 ? { env: "prod", app: "chat" } : {},
      customer: index % 3 === 0 ? "acme" : null,
      firstTokenMs: index % 2 === 0 ? 17 : null,
    }),
  );
}

describe("a batch", () => {
  test("is in the ledger with all columns", async () => {
    const event = usageEvent({
      orgId: await organisation(),
      teamId: freshId(),
      tags: { env: "prod" },
      customer: "acme",
      flags: ["usage_suspect"],
      metadata: "{}",
      firstTokenMs: 12.5,
      use: {
        ...{ input: 120, cacheRead: 20, cacheWrite5m: 10, cacheWrite1h: 5, audioInput: 3, imageInput: 40 },
        ...{ output: 80, reasoning: 30, audioOutput: 2, imageOutput: 45, searches: 1 },
      },
    });
    expect(await ingest([event])).toMatchObject({ inserted: 1, quarantined: 0 });
    expect(await look(`select * from usage_event where id = '${event.id}'`)).toMatchObject([
      {
        org_id: event.orgId,
        at: new Date(uuidTimeMs(event.id)),
        team_id: event.teamId,
        key_id: event.keyId,
        attempts: event.attempts.map(({ use, ...attempt }) => ({ ...attempt, tokens: use })),
        attempt_count: 1,
        input_tokens: 120,
        cache_read_tokens: 20,
        cache_write_5m_tokens: 10,
        cache_write_1h_tokens: 5,
        audio_input_tokens: 3,
        image_input_tokens: 40,
        output_tokens: 80,
        reasoning_tokens: 30,
        audio_output_tokens: 2,
        image_output_tokens: 45,
        searches: 1,
        cost_nano: "125000",
        held_nano: "400000",
        flags: ["usage_suspect"],
        tags: { env: "prod" },
        first_token_ms: 12.5,
        metadata: "{}",
      },
    ]);
  });

  test("of the previous version, which names usage differently, is read", async () => {
    const { use: _, ...event } = usageEvent({ orgId: await organisation() });
    const tokens = { input: 9, cacheRead: 3, cacheWrite5m: 0, output: 4, searches: 0 };
    const attempts = event.attempts.map(({ use: _, ...attempt }) => ({ ...attempt, tokens }));
    expect(await ingest([{ ...event, tokens, attempts }])).toMatchObject({ inserted: 1, quarantined: 0 });
    const row = `select input_tokens, cache_read_tokens, image_input_tokens, output_tokens, attempts from usage_event where id = '${event.id}'`;
    expect(await look(row)).toMatchObject([
      { input_tokens: 9, cache_read_tokens: 3, image_input_tokens: 0, output_tokens: 4, attempts: [{ tokens }] },
    ]);
  });

  test("can be read by processes of the previous version, which expect `tokens`", async () => {
    const event = usageEvent({ orgId: await organisation() });
    await ingest([event]);
    const [row] = await look(`select attempts from usage_event where id = '${event.id}'`);
    expect(row).toMatchObject({ attempts: [{ tokens: event.use }] });
  });

  test("that is delivered again, split, shuffled and concurrently, changes nothing", async () => {
    const spoolId = freshId();
    const events = assortment(600, [await organisation(), await organisation()]);
    const pieces = Array.from({ length: 12 }, (_, index) =>
      batch(events.slice(index * 50, index * 50 + 50), { spoolId, from: index * 10, to: index * 10 + 10 }),
    );
    const overlapping = batch(events.slice(20, 480), { spoolId, from: 5, to: 95 });
    const deliveries = [...pieces, overlapping, ...pieces.toReversed(), overlapping];
    await Promise.all(deliveries.map((delivery) => ingestProven(pool, delivery)));
    const ids = events.map(({ id }) => `'${id}'`).join();
    expect(await look(`select count(*) from usage_event where id in (${ids})`)).toEqual([{ count: "600" }]);
    expect(await look(`select position, pending from spool_cursor where spool_id = '${spoolId}'`)).toEqual([
      { position: "120", pending: [] },
    ]);
    expect(await brokenInvariants(database.ownerUrl)).toEqual({});
  });

  test("with one id twice counts it once", async () => {
    const orgId = await organisation();
    await limit({ orgId, scope: "organisation", unit: "requests", window: "total" });
    const event = usageEvent({ orgId });
    expect(await ingest([event, event])).toMatchObject({ inserted: 1 });
    expect(await look(`select settled from limit_counter where org_id = '${orgId}'`)).toEqual([{ settled: "1" }]);
  });

  test("creates the partitions it needs, also concurrently", async () => {
    const orgId = await organisation();
    const old = Array.from({ length: 8 }, () => usageEvent({ orgId, id: uuidV7(Date.now() - 100 * 86_400_000) }));
    const done = await Promise.all(old.map((event) => ingest([event])));
    expect(done.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(8);
  });

  test("without events only moves the cursor", async () => {
    const spoolId = freshId();
    await ingest([], { spoolId, from: 0, to: 77 });
    expect(await look(`select position from spool_cursor where spool_id = '${spoolId}'`)).toEqual([{ position: "77" }]);
  });
});

describe("an event that cannot be stored", () => {
  test("is quarantined, and the rest of its batch is recorded", async () => {
    const orgId = await organisation();
    const good = Array.from({ length: 10 }, () => usageEvent({ orgId, customer: "nul \0 and half a pair \ud800" }));
    const bad = ["not json", { ...usageEvent({ orgId }), keyId: 5 }, usageEvent({ orgId, costNano: "9".repeat(38) })];
    const delivery = batch([...good.slice(0, 5), ...bad, ...good.slice(5)]);
    expect(await ingestProven(pool, delivery)).toMatchObject({ inserted: 10, quarantined: 3 });
    expect(await ingestProven(pool, delivery)).toMatchObject({ inserted: 0, quarantined: 3 });
    expect(await look(`select count(*) from usage_quarantine where spool_id = '${delivery.spoolId}'`)).toEqual([
      { count: "3" },
    ]);
    expect(await brokenInvariants(database.ownerUrl)).toEqual({});
  });

  test("that only Postgres refuses is isolated by splitting the batch", async () => {
    const orgId = await organisation();
    await look(`alter table usage_event add constraint no_poison check (surface <> 'poison') not valid`);
    try {
      const events = Array.from({ length: 33 }, (_, index) =>
        usageEvent({ orgId, surface: index === 17 ? "poison" : "chat-completions" }),
      );
      expect(await ingest(events)).toMatchObject({ inserted: 32, quarantined: 1 });
    } finally {
      await look("alter table usage_event drop constraint no_poison");
    }
    expect(await brokenInvariants(database.ownerUrl)).toEqual({});
  });
});

describe("limit counters", () => {
  const counted = async (limitId: string) =>
    look<{ subject: string; settled: string; window_start: Date }>(
      `select subject, settled, window_start from limit_counter where limit_id = '${limitId}' order by subject`,
    );

  test("contain the usage of ended calls, by unit, subject and window", async () => {
    const orgId = await organisation("America/New_York");
    const [teamId, keyId] = [freshId(), freshId()];
    const usd = await limit({ orgId, scope: "organisation", unit: "usd", window: "total" });
    const team = await limit({ orgId, scope: "team", subject: teamId, unit: "tokens", window: "day" });
    const other = await limit({ orgId, scope: "team", subject: freshId(), unit: "tokens", window: "day" });
    const tags = await limit({ orgId, scope: "tag", unit: "requests", window: "total" });
    const slots = await limit({ orgId, scope: "key", unit: "concurrent", window: "minute" });
    const id = uuidV7(Date.parse("2026-06-02T03:30:00Z"));
    await ingest([
      usageEvent({ id, orgId, teamId, keyId, costNano: "5", tags: { a: "1", b: "2" } }),
      usageEvent({ orgId, costNano: null, heldNano: "40", pricing: "unpriced", tags: { a: "1" } }),
      usageEvent({ orgId, outcome: "refused", status: 402, costNano: "0" }),
    ]);
    expect(await counted(usd)).toMatchObject([{ subject: "", settled: "45" }]);
    expect(await counted(team)).toEqual([
      { subject: teamId, settled: "200", window_start: new Date("2026-06-01T04:00:00Z") },
    ]);
    expect(await counted(other)).toEqual([]);
    expect(await counted(tags)).toMatchObject([
      { subject: "a=1", settled: "2" },
      { subject: "b=2", settled: "1" },
    ]);
    expect(await counted(slots)).toEqual([]);
  });

  test("of a limit that is deleted meanwhile do not stop ingest", async () => {
    const orgId = await organisation();
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => limit({ orgId, scope: "key", unit: "usd", window: "total" })),
    );
    const events = assortment(400, [orgId]);
    await Promise.all([
      ...Array.from({ length: 8 }, (_, index) => ingest(events.slice(index * 50, index * 50 + 50))),
      ...ids.map((id) => look(`delete from usage_limit where id = '${id}'`)),
    ]);
    expect(await brokenInvariants(database.ownerUrl)).toEqual({});
  });
});

test("a key in constant use is written at most once a minute", async () => {
  const orgId = await organisation();
  const keyId = freshId();
  await look(
    `insert into virtual_key (id, org_id, public_id, name, last_four) values ('${keyId}', '${orgId}', '${keyId}', 'k', 'abcd')`,
  );
  const startMs = Date.now() - 200_000;
  const lastUses = [];
  for (const laterMs of [0, 20_000, 59_000, 61_000, 100_000]) {
    await ingest([usageEvent({ orgId, keyId, id: uuidV7(startMs + laterMs) })]);
    const [key] = await look<{ last_used_at: Date }>(`select last_used_at from virtual_key where id = '${keyId}'`);
    lastUses.push((key?.last_used_at.getTime() ?? 0) - startMs);
  }
  expect(lastUses).toEqual([0, 0, 0, 61_000, 61_000]);
});

test("a key's last use is stored, and never moves back", async () => {
  const orgId = await organisation();
  const keyId = freshId();
  await look(
    `insert into virtual_key (id, org_id, public_id, name, last_four) values ('${keyId}', '${orgId}', '${keyId}', 'k', 'abcd')`,
  );
  const late = usageEvent({ orgId, keyId });
  const early = usageEvent({ orgId, keyId, id: uuidV7(Date.now() - 60_000) });
  for (const event of [late, early]) await ingest([event]);
  expect(await look(`select last_used_at from virtual_key where id = '${keyId}'`)).toEqual([
    { last_used_at: new Date(uuidTimeMs(late.id)) },
  ]);
});

import { randomUUID } from "node:crypto";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { ingestTogether } from "@tollgate/control/ledger/ingest-together";
import { readBatch } from "@tollgate/control/ledger/read-batch";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

/** Ingests batches that arrive at the same time, each of a spool. */
async function ingestAll(
  batches: readonly (readonly [spoolId: string, from: number, events: readonly UsageEvent[]])[],
) {
  const ingest = ingestTogether(pool, {});
  return Promise.all(
    batches.map(async ([spoolId, from, events]) => {
      const texts = events.map((event) => JSON.stringify(event));
      const sent = { spoolId, from: String(from), to: String(from + events.length), events: texts };
      return ingest(await readBatch(pool, sent, { proven: texts, unproven: [], isWhole: true }));
    }),
  );
}

const position = async (spoolId: string): Promise<unknown> =>
  (await query(setup.database.ownerUrl, `select position::integer from spool_cursor where spool_id = '${spoolId}'`))[0];

const recorded = async (events: readonly UsageEvent[]): Promise<unknown> =>
  (
    await query(
      setup.database.ownerUrl,
      `select count(*)::integer as n from usage_event where id in (${events.map(({ id }) => `'${id}'`).join(", ")})`,
    )
  )[0];

test("batches that arrive together are each recorded once, and every spool's cursor passes them", async () => {
  const { orgId } = await setup.organisation();
  const events = Array.from({ length: 60 }, (_, n) => usageEvent(orgId, setup.clock.now() + n));
  const [one, other] = [randomUUID(), randomUUID()];
  const results = await ingestAll([
    ...[0, 10, 20, 30].map((at) => [one, at, events.slice(at, at + 10)] as const),
    // These were delivered twice, by another spool that has also some of its own.
    [other, 0, events.slice(5, 25)],
    [other, 20, events.slice(40)],
  ]);
  expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(60);
  expect(results.map(({ acknowledged }) => acknowledged)).toEqual(Array(6).fill(true));
  expect([await position(one), await position(other)]).toEqual([{ position: 40 }, { position: 40 }]);
  expect(await recorded(events)).toEqual({ n: 60 });
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("an event that Postgres refuses does not keep the other batches from being recorded", async () => {
  const { orgId } = await setup.organisation();
  const good = Array.from({ length: 30 }, (_, n) => usageEvent(orgId, setup.clock.now() + n));
  const bad = usageEvent(orgId, setup.clock.now(), { surface: "poison" });
  const { ownerUrl } = setup.database;
  await query(ownerUrl, "alter table usage_event add constraint no_poison check (surface <> 'poison') not valid");
  const [spoolId, other] = [randomUUID(), randomUUID()];
  const results = await ingestAll([
    // These two are not joined: nothing is under way.
    [other, 0, []],
    [other, 0, []],
    [spoolId, 0, good.slice(0, 10)],
    [spoolId, 10, [...good.slice(10, 20), bad]],
    [spoolId, 21, good.slice(20)],
  ]).finally(() => query(ownerUrl, "alter table usage_event drop constraint no_poison"));
  expect(results.slice(2)).toMatchObject([
    { inserted: 10, quarantined: 0 },
    { inserted: 10, quarantined: 1 },
    { inserted: 10, quarantined: 0 },
  ]);
  expect(await recorded(good)).toEqual({ n: 30 });
  expect(await position(spoolId)).toEqual({ position: 31 });
});

test("events of more organisations than one transaction takes are recorded, and then the cursor passes them", async () => {
  const ids = Array.from({ length: 1_200 }, () => randomUUID());
  await query(
    setup.database.ownerUrl,
    `insert into organisation (id, slug, name) values ${ids.map((id) => `('${id}', 'o${id}', 'O')`).join(", ")}`,
  );
  const events = ids.map((orgId, n) => usageEvent(orgId, setup.clock.now() + n));
  const [spoolId, other] = [randomUUID(), randomUUID()];
  const batches = [0, 400, 800].map((at) => [spoolId, at, events.slice(at, at + 400)] as const);
  const results = await ingestAll([[other, 0, []], [other, 0, []], ...batches]);
  expect(results.map(({ inserted }) => inserted)).toEqual([0, 0, 400, 400, 400]);
  expect(await position(spoolId)).toEqual({ position: 1_200 });
  expect(await recorded(events)).toEqual({ n: 1_200 });
});

import { randomUUID } from "node:crypto";
import { openPool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { expect, test } from "vitest";
import { ingestProven, usageEvent } from "../ledger.ts";
import { openTestSetup } from "../test-setup.ts";
import { batch } from "./batch.ts";

const ORGANISATIONS = 400;
const ROUNDS = 12;

interface Updates {
  table: string;
  updates: number;
  inPlace: number;
}

test("usage of many organisations in turn updates the rows of their roll-ups on their pages, and no index", async () => {
  const { database, clock } = await openTestSetup();
  const ids = Array.from({ length: ORGANISATIONS }, () => randomUUID());
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ${ids.map((id) => `('${id}', 'o${id}', 'O')`).join(", ")}`,
  );
  const keys = new Map(ids.map((id) => [id, randomUUID()]));
  const pool = openPool({ connectionString: database.ingestUrl, max: 1 });
  for (let round = 0; round < ROUNDS; round += 1) {
    const events = ids.map((orgId) => usageEvent(orgId, clock.now(), { keyId: keys.get(orgId) ?? orgId }));
    await ingestProven(pool, batch(events, { from: round, to: round + 1 }));
  }
  await pool.end(); // a session reports its counts when it ends
  const updates = await query<Updates & object>(
    database.ownerUrl,
    `select relname as "table", n_tup_upd::integer as updates, n_tup_hot_upd::integer as "inPlace" from pg_stat_user_tables
     where relname in ('usage_minute', 'usage_hour', 'usage_day', 'usage_group', 'usage_latency') order by relname`,
  );
  expect(updates.map(({ table }) => table)).toHaveLength(5);
  for (const { table, updates: all, inPlace } of updates) {
    expect(all, table).toBeGreaterThanOrEqual((ROUNDS - 1) * ORGANISATIONS);
    expect(inPlace / all, table).toBeGreaterThan(0.5);
  }
});

import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kill, killAll, startDriver, startWorker } from "./processes.ts";

const KILLS = 5;
const CALLS_BETWEEN_KILLS = 200;

const withoutRedis = await redisMissing();
let database: TestDatabase;
let dir: string;
beforeEach(async () => {
  database = await testDatabase();
  dir = mkdtempSync(path.join(tmpdir(), "tollgate-spool-"));
});
afterEach(async () => {
  await killAll();
  rmSync(dir, { recursive: true, force: true });
  await database.drop();
});

/** Kills proxy and worker several times and checks the ledger; `between` runs after each kill. */
async function survives(redis: TestRedis | undefined, between: () => Promise<unknown> = async () => {}): Promise<void> {
  const orgId = freshId();
  await query(database.ownerUrl, `insert into organisation (id, slug, name) values ('${orgId}', '${orgId}', 'Acme')`);
  await query(
    database.ownerUrl,
    `insert into usage_limit (id, org_id, scope, unit, "window", amount)
     values ('${freshId()}', '${orgId}', 'organisation', 'usd', 'total', 1000)`,
  );
  const acknowledged = new Set<string>();
  let interrupted = 0;
  const driver = (perSecond: number): ChildProcess =>
    startDriver({
      dir,
      databaseUrl: database.proxyUrl,
      redisUrl: redis?.url,
      orgId,
      perSecond,
      onLine(line) {
        if (line.startsWith("open ")) interrupted += Number(line.slice(5));
        else acknowledged.add(line);
      },
    });
  const worker = () => startWorker(database.ingestUrl, redis?.url);

  for (let round = 1; round <= KILLS; round += 1) {
    const [calls, jobs] = [driver(1_000), worker()];
    await waitFor(() => acknowledged.size >= round * CALLS_BETWEEN_KILLS);
    await Promise.all([kill(calls), jobs.stop("SIGKILL")]);
    await between();
  }
  worker();
  const [code] = await once(driver(0), "exit");
  expect(code).toBe(0);

  const ledger = await query<{ id: string; flags: string[] }>(database.ownerUrl, "select id, flags from usage_event");
  const ids = new Set(ledger.map(({ id }) => id));
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  const marked = ledger.filter(({ flags }) => flags.includes("interrupted"));
  expect(marked.map(({ id }) => id).filter((id) => acknowledged.has(id))).toEqual([]);
  expect(marked).toHaveLength(interrupted);
  expect(interrupted).toBeGreaterThan(0);
  expect(await brokenInvariants(database.ownerUrl)).toEqual({});
  expect(
    await query(
      database.ownerUrl,
      "select settled = (select sum(cost_nano) from usage_event) as agrees from limit_counter",
    ),
  ).toEqual([{ agrees: true }]);
}

test("every acknowledged call is in the ledger exactly once after proxies and workers are killed", async () => {
  await survives(undefined);
});

test.skipIf(withoutRedis)(
  "every acknowledged call is in the ledger exactly once when the queue's Redis is also flushed",
  async () => {
    const redis = await testRedis();
    try {
      await survives(redis, async () => execFileSync("redis-cli", ["-u", redis.url, "flushall"]));
    } finally {
      await redis.stop();
    }
  },
);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { lockTable } from "@tollgate/testkit/lock-table";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { addKey, type Opened, open, openRelay, type Relay } from "./open-directory.ts";

const [busy, quiet] = [uuidV7(Date.now()), uuidV7(Date.now())];
const STALE_MS = 60_000;
const REFUSE_MS = 300_000;

let database: TestDatabase;
let dir: string;
let relay: Relay;
let opened: Opened;
/** Added to the clock that measures ages. */
let skippedMs: number;
/** Organisations that were reported for an alert, one list per report. */
let reported: string[][];

const lock = (table: string): Promise<() => Promise<void>> => lockTable(database.ownerUrl, table);
const rename = (name: string) =>
  query(database.ownerUrl, `update organisation set name = '${name}' where id = '${busy}'`);
const failedReadings = async (count: number): Promise<void> => {
  const before = opened.warnings.length;
  await waitFor(() => opened.warnings.length >= before + count);
};

beforeAll(async () => {
  database = await testDatabase();
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${busy}', 'busy', 'Busy'), ('${quiet}', 'quiet', 'Quiet')`,
  );
  await addKey(database.ownerUrl, busy, "busy000000");
  await addKey(database.ownerUrl, quiet, "quiet00000");
});
afterAll(() => database.drop());
beforeEach(async () => {
  [skippedMs, reported] = [0, []];
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-stale-"));
  relay = await openRelay(database.proxyUrl);
  opened = await open(
    {
      connectionString: relay.url,
      dir,
      monotonic: () => performance.now() + skippedMs,
      staleAfterMs: STALE_MS,
      refuseAfterMs: REFUSE_MS,
      lookMs: 20,
      watchMs: 20,
      onStale: (oldest) => void reported.push(oldest.map(({ orgId }) => orgId)),
    },
    { timeoutMs: 200 },
  );
  for (const publicId of ["busy000000", "quiet00000"])
    await waitFor(async () => (await opened.outcome(publicId)) === "active");
  await waitFor(() => opened.directory.fresh());
});
afterEach(async () => {
  await opened.close();
  await relay.cut();
  await rm(dir, { recursive: true, force: true });
});

test("an organisation whose reading fails keeps its policy and becomes stale; the others are current", async () => {
  const { directory, outcome, errors } = opened;
  const unlock = await lock("team");
  await rename("Renamed");
  await failedReadings(2);
  expect(directory.org(busy)?.name).toBe("Busy");
  expect([directory.ready(), await outcome("busy000000")]).toEqual([true, "active"]);

  skippedMs = STALE_MS;
  await waitFor(() => directory.age(10).oldest.length === 1);
  expect(directory.age(10)).toMatchObject({ stale: 1, oldest: [{ orgId: busy }] });
  expect(directory.age(10).ageMs).toBeGreaterThanOrEqual(STALE_MS);
  expect(directory.fresh()).toBe(false);
  await waitFor(() => errors.some(({ message }) => message.startsWith("policy is stale")));
  await waitFor(() => reported.at(-1)?.length === 1);
  expect(reported.at(-1)).toEqual([busy]);
  expect(directory.serves(busy)).toBe(true);

  skippedMs = REFUSE_MS;
  await waitFor(() => directory.serves(quiet));
  expect(directory.serves(busy)).toBe(false);

  await unlock();
  await waitFor(() => directory.fresh());
  expect(directory.org(busy)?.name).toBe("Renamed");
  expect(directory.serves(busy)).toBe(true);
  expect(directory.age(10)).toMatchObject({ stale: 0, oldest: [] });
});

test("a key that cannot be read is 503 where it is new, and goes on as it was where it is in memory", async () => {
  const { directory, outcome } = opened;
  const unlock = await lock("key_secret");
  await query(database.ownerUrl, "update virtual_key set name = 'Changed' where public_id = 'busy000000'");
  await addKey(database.ownerUrl, quiet, "new0000000");
  expect(await outcome("new0000000")).toBe("policy_unavailable");
  expect(await outcome("busy000000")).toBe("active");
  skippedMs = STALE_MS;
  await waitFor(() => directory.age(10).oldest.length === 1);
  expect(directory.age(10).oldest).toMatchObject([{ orgId: busy }]);
  await unlock();
  await waitFor(async () => (await outcome("new0000000")) === "active");
  await waitFor(() => directory.key("busy000000")?.name === "Changed");
  await waitFor(() => directory.fresh());
});

test("while the log cannot be read, every organisation becomes stale, and Postgres gets no more waiting sessions", async () => {
  const { directory } = opened;
  const unlock = await lock("policy_change");
  await failedReadings(4);
  expect(directory.serves(quiet)).toBe(true);
  skippedMs = REFUSE_MS;
  expect(directory.fresh()).toBe(false);
  expect(directory.ready()).toBe(true);
  expect(directory.age(1)).toMatchObject({ stale: 2 });
  expect([busy, quiet].map((orgId) => directory.serves(orgId))).toEqual([false, false]);
  const [{ waiting } = { waiting: -1 }] = await query<{ waiting: number }>(
    database.ownerUrl,
    `select count(*)::integer as waiting from pg_stat_activity
     where datname = current_database() and usename = 'tollgate_proxy' and wait_event_type = 'Lock'`,
  );
  expect(waiting).toBeLessThanOrEqual(2);
  await unlock();
  await waitFor(() => directory.fresh());
  expect(directory.age(1)).toMatchObject({ stale: 0 });
});

test("if Postgres accepts connections and never answers, policy becomes stale", async () => {
  const { directory, outcome } = opened;
  relay.silence(true);
  await failedReadings(2);
  skippedMs = STALE_MS;
  expect(directory.fresh()).toBe(false);
  expect(directory.ready()).toBe(true);
  expect(directory.age(0)).toMatchObject({ stale: 2 });
  await addKey(database.ownerUrl, busy, "added00000");
  relay.silence(false);
  await waitFor(() => directory.fresh());
  // Keys have a connection of their own, which recovers by itself.
  await waitFor(async () => (await outcome("added00000")) === "active");
});

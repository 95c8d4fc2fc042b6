import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { lockTable } from "@tollgate/testkit/lock-table";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type OpenDirectory, openDirectory } from "../src/directory/directory.ts";
import { openReader, type Reader } from "../src/directory/reader.ts";

const [busy, quiet] = [uuidV7(Date.now()), uuidV7(Date.now())];
const STALE_MS = 60_000;
const REFUSE_MS = 300_000;

let database: TestDatabase;
let dir: string;
let reader: Reader;
let directory: OpenDirectory;
/** Added to the clock that measures ages. */
let skippedMs: number;
let errors: string[];
let warnings: number;
/** Organisations that were reported for an alert, one list per report. */
let reported: string[][];
let keys = 0;

/** A TCP proxy in front of Postgres that can stop passing data while connections stay open. */
const wires = new Set<Socket>();
let isSilent = false;
const relay = createServer((near) => {
  const { hostname, port } = new URL(database.proxyUrl);
  const far = connect(Number(port), hostname);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    wires.add(from);
    from.on("data", (bytes) => {
      if (!isSilent) to.write(bytes);
    });
    from.on("error", () => {});
    from.on("close", () => {
      wires.delete(from);
      to.destroy();
    });
  }
});

const lock = (table: string): Promise<() => Promise<void>> => lockTable(database.ownerUrl, table);

async function addKey(orgId = busy): Promise<string> {
  const publicId = `key${String(keys++).padStart(7, "0")}`;
  await query(
    database.ownerUrl,
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     values ('${uuidV7(Date.now())}', '${orgId}', '${publicId}', 'A key', 'abcd')`,
  );
  return publicId;
}

const failedReadings = async (count: number): Promise<void> => {
  const before = warnings;
  await waitFor(() => warnings >= before + count);
};

beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-stale-"));
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${busy}', 'busy', 'Busy'), ('${quiet}', 'quiet', 'Quiet')`,
  );
});
afterAll(async () => {
  relay.close();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  [skippedMs, errors, warnings, reported] = [0, [], 0, []];
  const url = new URL(database.proxyUrl);
  url.hostname = "127.0.0.1";
  url.port = String((relay.address() as { port: number }).port);
  reader = openReader(url.href, 200);
  directory = await openDirectory({
    connectionString: url.href,
    reader,
    file: path.join(dir, `${uuidV7(Date.now())}.json`),
    log: { info() {}, warn: () => void warnings++, error: (_fields, message) => void errors.push(message) },
    now: Date.now,
    monotonic: () => performance.now() + skippedMs,
    staleAfterMs: STALE_MS,
    refuseAfterMs: REFUSE_MS,
    pollMs: 50,
    onStale: (oldest) => void reported.push(oldest.map(({ orgId }) => orgId)),
    onSettled: () => {},
  });
  await waitFor(() => directory.fresh());
});
afterEach(async () => {
  await directory.close();
  await reader.close();
});

test("an organisation that cannot be read is stale, and unknown keys may belong to it; the others are current", async () => {
  const unlock = await lock("limit_counter");
  const added = await addKey();
  await failedReadings(3);
  expect(directory.key(added)).toBeUndefined();
  expect(directory.fresh()).toBe(false);
  expect(directory.ready()).toBe(true);

  skippedMs = STALE_MS;
  await waitFor(() => directory.age(10).oldest.length === 1);
  expect(directory.age(10)).toMatchObject({ stale: 1, oldest: [{ orgId: busy }] });
  expect(directory.age(10).ageMs).toBeGreaterThanOrEqual(STALE_MS);
  await waitFor(() => errors.length > 0);
  expect(errors[0]).toMatch(/^policy is stale/);
  await waitFor(() => reported.at(-1)?.length === 1);
  expect(reported.at(-1)).toEqual([busy]);
  expect(directory.serves(busy)).toBe(true);

  skippedMs = REFUSE_MS;
  await waitFor(() => directory.serves(quiet));
  expect(directory.serves(busy)).toBe(false);

  await unlock();
  await waitFor(() => directory.fresh());
  expect(directory.key(added)).toBeDefined();
  expect(directory.serves(busy)).toBe(true);
  expect(directory.age(10)).toMatchObject({ stale: 0, oldest: [] });
});

test("while changes cannot be listed, every organisation becomes stale, and Postgres gets no more waiting sessions", async () => {
  const unlock = await lock("organisation");
  await failedReadings(5);
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
  isSilent = true;
  const added = await addKey();
  await failedReadings(3);
  skippedMs = STALE_MS;
  expect(directory.fresh()).toBe(false);
  expect(directory.ready()).toBe(true);
  expect(directory.age(0)).toMatchObject({ stale: 2 });
  for (const wire of wires) wire.destroy();
  isSilent = false;
  await waitFor(() => directory.fresh());
  expect(directory.key(added)).toBeDefined();
});

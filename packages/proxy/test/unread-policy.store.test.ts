import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type OpenDirectory, openDirectory } from "../src/directory/directory.ts";
import { openReader, type Reader } from "../src/directory/reader.ts";

const [damaged, whole] = [uuidV7(Date.now()), uuidV7(Date.now())];
const STALE_MS = 60_000;

let database: TestDatabase;
let dir: string;
let errors: object[];
let skippedMs: number;

const sql = (statement: string) => query(database.ownerUrl, statement);
const damage = () => sql(`update organisation set former_zones = '[{"timeZone": 5}]' where id = '${damaged}'`);
const mend = () => sql(`update organisation set former_zones = '[]' where id = '${damaged}'`);
const rename = (orgId: string, name: string) => sql(`update organisation set name = '${name}' where id = '${orgId}'`);

async function within(work: (directory: OpenDirectory, reader: Reader) => Promise<void>): Promise<void> {
  const reader = openReader(database.proxyUrl);
  const directory = await openDirectory({
    connectionString: database.proxyUrl,
    reader,
    file: path.join(dir, "policy.json"),
    log: { info() {}, warn() {}, error: (fields) => void ("orgId" in fields && errors.push(fields)) },
    now: Date.now,
    monotonic: () => performance.now() + skippedMs,
    staleAfterMs: STALE_MS,
    refuseAfterMs: null,
    pollMs: 20,
    onSettled: () => {},
  });
  await work(directory, reader);
  await directory.close();
  await reader.close();
}

beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-unread-"));
  await sql(
    `insert into organisation (id, slug, name) values ('${damaged}', 'damaged', 'First'), ('${whole}', 'whole', 'First')`,
  );
});
beforeEach(() => {
  [errors, skippedMs] = [[], 0];
});
afterAll(async () => {
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test("an organisation whose row cannot be read keeps its last good policy and becomes stale; the others continue", async () => {
  await within(async (directory, reader) => {
    await waitFor(() => directory.fresh());
    await damage();
    await rename(damaged, "Second");
    await rename(whole, "Second");
    await waitFor(() => directory.org(whole)?.name === "Second");
    await waitFor(() => errors.length > 0);
    expect(errors).toEqual([{ orgId: damaged, field: "formerZones[0].timeZone", reason: expect.any(String) }]);
    expect(directory.org(damaged)?.name).toBe("First");
    skippedMs = STALE_MS;
    await waitFor(() => directory.age(10).stale === 1);
    expect(directory.age(10).oldest).toMatchObject([{ orgId: damaged }]);
    // Its counters are still read, with the last good policy.
    const { orgs } = await reader.ledger(uuidV7(Date.now()), null);
    expect([...orgs.keys()].toSorted()).toEqual([damaged, whole].toSorted());
    expect(orgs.get(damaged)?.org.name).toBe("First");
  });
});

test("after a start, such an organisation is served from the copy on disk until it can be read", async () => {
  await rename(whole, "Third");
  await within(async (directory) => {
    await waitFor(() => directory.org(whole)?.name === "Third");
    expect(directory.ready()).toBe(true);
    expect(directory.org(damaged)?.name).toBe("First");
    expect(directory.fresh()).toBe(false);
    // As after a restore of the database: the copy on disk has a later revision.
    await sql(`update organisation set revision = 0 where id = '${damaged}'`);
    await mend();
    await waitFor(() => directory.fresh());
    expect(directory.org(damaged)?.name).toBe("Second");
    expect(directory.age(10).stale).toBe(0);
  });
});

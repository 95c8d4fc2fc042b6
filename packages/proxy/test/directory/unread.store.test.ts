import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addKey, type Opened, open } from "./open-directory.ts";

const [damaged, whole] = [uuidV7(Date.now()), uuidV7(Date.now())];
const STALE_MS = 60_000;

let database: TestDatabase;
let dir: string;
let opened: Opened;
let skippedMs = 0;

const sql = (statement: string) => query(database.ownerUrl, statement);
const damage = () => sql(`update organisation set former_zones = '[{"timeZone": 5}]' where id = '${damaged}'`);
const mend = () => sql(`update organisation set former_zones = '[]' where id = '${damaged}'`);
const rename = (orgId: string, name: string) => sql(`update organisation set name = '${name}' where id = '${orgId}'`);
const start = async (): Promise<Opened> => {
  skippedMs = 0;
  opened = await open({
    connectionString: database.proxyUrl,
    dir,
    monotonic: () => performance.now() + skippedMs,
    staleAfterMs: STALE_MS,
    lookMs: 20,
    watchMs: 20,
  });
  return opened;
};

beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-unread-"));
  await sql(
    `insert into organisation (id, slug, name) values ('${damaged}', 'damaged', 'First'), ('${whole}', 'whole', 'First')`,
  );
  await addKey(database.ownerUrl, damaged, "damaged000");
  await addKey(database.ownerUrl, whole, "whole00000");
});
afterEach(() => opened.close());
afterAll(async () => {
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test("an organisation whose row cannot be read keeps its last good policy and becomes stale; the others continue", async () => {
  const { directory, reader, outcome, errors } = await start();
  await waitFor(() => directory.fresh());
  expect([await outcome("damaged000"), await outcome("whole00000")]).toEqual(["active", "active"]);
  await damage();
  await rename(damaged, "Second");
  await rename(whole, "Second");
  await waitFor(() => directory.org(whole)?.name === "Second");
  await waitFor(() => errors.some(({ fields }) => "field" in fields));
  const faults = errors.map(({ fields }) => fields).filter((fields) => "field" in fields);
  expect(faults).toEqual([{ orgId: damaged, field: "formerZones[0].timeZone", reason: expect.any(String) }]);
  expect([directory.org(damaged)?.name, await outcome("damaged000")]).toEqual(["First", "active"]);
  skippedMs = STALE_MS;
  await waitFor(() => directory.age(10).stale === 1);
  expect(directory.age(10).oldest).toMatchObject([{ orgId: damaged }]);
  // Its counters are still read, with the last good policy.
  const { orgs } = await reader.ledger(uuidV7(Date.now()), [damaged, whole]);
  expect([...orgs.keys()].toSorted()).toEqual([damaged, whole].toSorted());
  expect(orgs.get(damaged)?.org.name).toBe("First");
});

test("at a start such an organisation is served from the copy on disk until it can be read", async () => {
  await rename(whole, "Third");
  const { directory, outcome } = await start();
  await waitFor(() => directory.fresh());
  expect([await outcome("damaged000"), await outcome("whole00000")]).toEqual(["active", "active"]);
  await waitFor(() => directory.org(whole)?.name === "Third");
  expect([directory.ready(), directory.org(damaged)?.name]).toEqual([true, "First"]);
  // As in a database that was restored: what is on disk has a later revision.
  await sql("set session_replication_role = replica; update organisation set revision = 0");
  await mend();
  await waitFor(() => directory.org(damaged)?.name === "Second");
  await waitFor(() => directory.fresh());
  expect(directory.age(10).stale).toBe(0);
});

test("a key whose row cannot be read is refused with 503 alone", async () => {
  const { directory, outcome, errors } = await start();
  await waitFor(() => directory.fresh());
  await addKey(database.ownerUrl, whole, "broken0000");
  await sql(`update virtual_key set deny = '{"not": "a list"}' where public_id = 'broken0000'`);
  expect([await outcome("broken0000"), await outcome("whole00000")]).toEqual(["policy_unavailable", "active"]);
  await waitFor(() => errors.some(({ message }) => message === "a key's policy cannot be read"));
  await sql(`update virtual_key set deny = '[]' where public_id = 'broken0000'`);
  await waitFor(async () => (await outcome("broken0000")) === "active");
});

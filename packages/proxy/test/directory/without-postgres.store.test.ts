import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { DirectoryOptions } from "../../src/directory/directory.ts";
import { addKey, type Opened, open, openRelay, type Relay } from "./open-directory.ts";

const DAY_MS = 86_400_000;
let database: TestDatabase;
let dir: string;
let relay: Relay;
let orgId: string;
let opened: Opened | undefined;

const sql = (...statements: string[]) => query(database.ownerUrl, ...statements);
const start = async (own: Partial<DirectoryOptions> = {}): Promise<Opened> => {
  opened = await open({ connectionString: relay.url, dir, lookMs: 20, ...own });
  return opened;
};
const stop = async (): Promise<void> => {
  await opened?.close();
  opened = undefined;
};
const copyOf = (processId = "one"): Promise<string> =>
  readFile(path.join(dir, "policy", processId, `${orgId}.jsonl`), "utf8").catch(() => "");

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-copy-"));
  relay = await openRelay(database.proxyUrl);
  orgId = uuidV7(Date.now());
  await sql(`insert into organisation (id, slug, name) values ('${orgId}', '${orgId}', 'Acme')`);
  for (const name of ["used", "idle"]) await addKey(database.ownerUrl, orgId, `${name}${orgId.slice(-6)}`);
});
afterEach(async () => {
  await relay.cut();
  await stop();
  await rm(dir, { recursive: true, force: true });
});
afterAll(() => database.drop());

const used = (): string => `used${orgId.slice(-6)}`;
const idle = (): string => `idle${orgId.slice(-6)}`;

test("keys in use go on working while Postgres is away, others are 503 and never 401", async () => {
  const { outcome, directory } = await start();
  expect([await outcome(used()), await outcome("none000000")]).toEqual(["active", "unknown"]);
  await relay.cut();
  expect(await outcome(idle())).toBe("policy_unavailable");
  await waitFor(() => !directory.fresh());
  expect([await outcome(used()), await outcome(idle())]).toEqual(["active", "policy_unavailable"]);
  await relay.mend();
  await waitFor(async () => (await outcome(idle())) === "active");
});

test("a Postgres that accepts and never answers does not hold up keys in use", async () => {
  opened = await open({ connectionString: relay.url, dir, lookMs: 20 }, { timeoutMs: 300 });
  const { outcome } = opened;
  await waitFor(async () => (await outcome(used())) === "active");
  relay.silence(true);
  expect([await outcome(used()), await outcome(idle())]).toEqual(["active", "policy_unavailable"]);
  relay.silence(false);
  await waitFor(async () => (await outcome(idle())) === "active");
});

test("after a cold start without Postgres the keys of the last day work, of this process and of others here", async () => {
  const { outcome } = await start();
  expect(await outcome(used())).toBe("active");
  await stop();
  await start({ processId: "two" });
  expect(await opened?.outcome(idle())).toBe("active");
  await stop();
  await relay.cut();

  const cold = await start({ processId: "three" });
  expect(cold.directory.ready()).toBe(true);
  expect([cold.directory.fresh(), await cold.outcome(used()), await cold.outcome(idle())]).toEqual([
    false,
    "active",
    "active",
  ]);
  expect(await cold.outcome("none000000")).toBe("policy_unavailable");
  await stop();

  // What was used longer than a day before the copy was written is not in it.
  await relay.mend();
  const later = await start({ now: () => Date.now() + 2 * DAY_MS });
  await waitFor(() => later.directory.fresh());
  await later.directory.find(used(), { atMs: Date.now() + 2 * DAY_MS, clientAddress: null });
  await stop();
  await relay.cut();
  await start();
  expect([await opened?.outcome(used()), await opened?.outcome(idle())]).toEqual(["active", "policy_unavailable"]);
});

test("a start without any copy is not ready, and one that finds Postgres later is", async () => {
  await relay.cut();
  const { directory, outcome } = await start();
  expect([directory.ready(), await outcome(used())]).toEqual([false, "policy_unavailable"]);
  await relay.mend();
  await waitFor(() => directory.ready());
  expect(await outcome(used())).toBe("active");
});

test("what changed while no process ran is noticed before the copy is used again", async () => {
  const first = await start();
  expect([await first.outcome(used()), await first.outcome(idle())]).toEqual(["active", "active"]);
  await stop();
  await sql(
    `update virtual_key set state = 'revoked' where public_id = '${used()}'`,
    `update organisation set name = 'Acme & Sons' where id = '${orgId}'`,
  );
  const second = await start();
  await waitFor(() => second.directory.fresh());
  expect([await second.outcome(used()), await second.outcome(idle())]).toEqual(["revoked", "active"]);
  // The other key did not change, so it was not read.
  expect(second.keyReads).toEqual([[used()]]);
  await waitFor(async () => (await copyOf()).includes("Acme & Sons"));
  await waitFor(async () => (await copyOf()).includes('"revoked"'));
  await relay.cut();
  await stop();
  await start();
  expect(await opened?.outcome(used())).toBe("revoked");
});

test("a key that was revoked or deleted does not come back from the copy of a process that had it", async () => {
  const { outcome, directory } = await start();
  expect([await outcome(used()), await outcome(idle())]).toEqual(["active", "active"]);
  await waitFor(async () => (await copyOf()).includes(idle()));
  await sql(
    `update virtual_key set state = 'revoked' where public_id = '${used()}'`,
    `delete from virtual_key where public_id = '${idle()}'`,
  );
  await waitFor(async () => (await outcome(used())) === "revoked" && (await outcome(idle())) === "unknown");
  await waitFor(async () => (await copyOf()).includes('"gone"'));
  // As after a kill: nothing is written when it ends.
  await waitFor(() => directory.fresh());
  await relay.cut();
  const killed = opened;
  await start({ processId: "other" });
  expect([await opened?.outcome(used()), await opened?.outcome(idle())]).toEqual(["revoked", "policy_unavailable"]);
  await killed?.close();
});

test("a copy of another database is not used", async () => {
  const { outcome } = await start();
  expect(await outcome(used())).toBe("active");
  await stop();
  const other = await testDatabase();
  try {
    opened = await open({ connectionString: other.proxyUrl, dir, lookMs: 20 });
    await waitFor(() => opened?.directory.fresh());
    expect(await opened.outcome(used())).toBe("unknown");
    await waitFor(async () => (await readdir(path.join(dir, "policy", "one"))).join() === "head.json");
  } finally {
    await stop();
    await other.drop();
  }
});

test("changes add lines to the copy, which is written whole again when it has grown, and is always readable", async () => {
  const { outcome, directory } = await start();
  expect(await outcome(used())).toBe("active");
  const head = path.join(dir, "policy", "one", "head.json");
  await waitFor(() => existsSync(head));
  const name = "x".repeat(40_000);
  for (let at = 0; at < 5; at += 1) {
    await sql(`update organisation set name = '${at}${name}' where id = '${orgId}'`);
    await waitFor(() => directory.org(orgId)?.name.startsWith(String(at)));
    await waitFor(async () => (await copyOf()).includes(`"${at}x`));
  }
  expect((await copyOf()).length).toBeLessThan(200_000);
  expect((await readdir(path.join(dir, "policy", "one"))).toSorted()).toEqual(
    [`${orgId}.jsonl`, "head.json"].toSorted(),
  );
  await stop();
  await relay.cut();
  await start();
  expect((await opened?.find(used()))?.org.name).toMatch(/^4x/);
});

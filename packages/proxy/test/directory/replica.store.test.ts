import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addKey, type Opened, open, openRelay, type Relay } from "./open-directory.ts";

const orgId = uuidV7(Date.now());
let database: TestDatabase;
/** A copy of the database that replays nothing: a replica that stopped. */
let replicaUrl: string;
let relay: Relay;
let dir: string;
let opened: Opened;

const sql = (...statements: string[]) => query(database.ownerUrl, ...statements);
const nameOf = async (publicId: string): Promise<string | undefined> => (await opened.find(publicId))?.key.name;

beforeEach(async () => {
  database = await testDatabase();
  await sql(`insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme')`);
  for (const name of ["first00000", "second0000", "third00000"]) await addKey(database.ownerUrl, orgId, name);
  const url = new URL(database.ownerUrl);
  const name = `${url.pathname.slice(1)}_replica`;
  url.pathname = "/postgres";
  await query(url.href, `create database ${name} template ${new URL(database.ownerUrl).pathname.slice(1)}`);
  const ownReplica = new URL(database.ownerUrl);
  ownReplica.pathname = `/${name}`;
  // Shows where an answer is from.
  await query(
    ownReplica.href,
    "set session_replication_role = replica",
    "update virtual_key set name = 'From the replica'",
  );
  const replica = new URL(database.proxyUrl);
  replica.pathname = `/${name}`;
  replicaUrl = replica.href;
  relay = await openRelay(database.proxyUrl);
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-replica-"));
  opened = await open({ connectionString: relay.url, dir, lookMs: 20 }, { replicaUrl });
  await waitFor(() => opened.directory.fresh());
});
afterEach(async () => {
  await opened.close();
  await relay.cut();
  const url = new URL(database.ownerUrl);
  url.pathname = "/postgres";
  await query(url.href, `drop database ${new URL(replicaUrl).pathname.slice(1)} with (force)`);
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test("keys are read from the replica, and from Postgres itself once the replica is behind", async () => {
  expect(await nameOf("first00000")).toBe("From the replica");
  await sql("update virtual_key set state = 'revoked' where public_id in ('first00000', 'second0000')");
  await waitFor(async () => (await opened.outcome("first00000")) === "revoked");
  // It was never read before, and the replica still has it as it was.
  expect(await opened.outcome("second0000")).toBe("revoked");
  expect(await nameOf("third00000")).toBe("A key");
});

test("without an answer of the replica, keys are read from the primary", async () => {
  await opened.close();
  const nowhere = new URL(replicaUrl);
  nowhere.port = "1";
  opened = await open({ connectionString: relay.url, dir, lookMs: 20 }, { replicaUrl: nowhere.href });
  expect(await nameOf("third00000")).toBe("A key");
});

test("while Postgres itself is away the replica answers for keys that it has, and other keys are 503", async () => {
  await relay.cut();
  await waitFor(() => !opened.directory.fresh());
  expect([await opened.outcome("first00000"), await opened.outcome("none000000")]).toEqual([
    "active",
    "policy_unavailable",
  ]);
});

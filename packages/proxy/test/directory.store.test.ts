import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DirectoryOptions, type OpenDirectory, openDirectory } from "../src/directory/directory.ts";
import { openReader, type Reader } from "../src/directory/reader.ts";

const orgId = uuidV7(Date.now());
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let database: TestDatabase;
let dir: string;
let relay: Relay;

interface Relay {
  url: string;
  /** Closes every connection and accepts no new ones, like a killed server. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** A TCP proxy in front of Postgres. */
async function openRelay(to: URL): Promise<Relay> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const mend = async (): Promise<void> => {
    server = createServer((near) => {
      const far = connect(Number(to.port), to.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    server.listen(port, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    port = (server.address() as { port: number }).port;
  };
  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server?.close(resolve));
  };
  await mend();
  const url = new URL(to);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return { url: url.href, cut, mend };
}

interface Opened {
  directory: OpenDirectory;
  reader: Reader;
  close(): Promise<void>;
}

async function open(own: Partial<DirectoryOptions> = {}): Promise<Opened> {
  const reader = openReader(relay.url);
  const directory = await openDirectory({
    connectionString: relay.url,
    reader,
    file: path.join(dir, "policy.json"),
    log: silent,
    now: Date.now,
    staleAfterMs: 60_000,
    refuseAfterMs: null,
    onSettled: () => {},
    ...own,
  });
  return {
    directory,
    reader,
    async close() {
      await directory.close();
      await reader.close();
    },
  };
}

const addKey = async (publicId: string): Promise<void> => {
  await query(
    database.ownerUrl,
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     values ('${uuidV7(Date.now())}', '${orgId}', '${publicId}', 'A key', 'abcd')`,
  );
};

beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-directory-"));
  relay = await openRelay(new URL(database.proxyUrl));
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme');
     insert into usage_limit (id, org_id, scope, unit, "window", amount, thresholds)
     values ('${uuidV7(Date.now())}', '${orgId}', 'organisation', 'usd', 'month', 9007199254740993, '{80}')`,
  );
  await addKey("known00000");
});
afterAll(async () => {
  await relay.cut();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test("policy is read completely, changes arrive, and a lost connection is noticed", async () => {
  const { directory, close } = await open();
  await waitFor(() => directory.fresh());
  const key = directory.key("known00000");
  expect(key && directory.grant(key)?.org.limits).toMatchObject([{ amount: 9007199254740993n, thresholds: [80] }]);
  expect(key && directory.grant(key)).toBe(key && directory.grant(key));

  await addKey("second0000");
  await waitFor(() => directory.key("second0000"));

  const increases = () => directory.org(orgId)?.limits[0]?.increases;
  const untilMs = Date.now() + 3_600_000;
  await query(
    database.ownerUrl,
    `insert into limit_increase (id, org_id, limit_id, amount, until, reason, made_by)
     select gen_random_uuid(), org_id, id, 9007199254740993, to_timestamp(${untilMs} / 1000.0), 'Launch', 'Ada' from usage_limit`,
  );
  await waitFor(() => increases()?.length === 1);
  expect(increases()).toEqual([{ amount: 9007199254740993n, untilMs }]);
  await query(database.ownerUrl, "update limit_increase set revoked_at = now()");
  await waitFor(() => increases()?.length === 0);

  await relay.cut();
  await waitFor(() => !directory.fresh());
  expect(directory.key("known00000")).toBeDefined();
  expect(directory.ready()).toBe(true);

  await addKey("meanwhile0");
  await relay.mend();
  await waitFor(() => directory.fresh());
  expect(directory.key("meanwhile0")).toBeDefined();

  await query(database.ownerUrl, `delete from virtual_key where public_id = 'meanwhile0'`);
  await waitFor(() => directory.key("meanwhile0") === undefined);
  await close();
});

test("without Postgres the copy on disk is used, and reported as not fresh", async () => {
  const first = await open();
  await waitFor(() => first.directory.fresh());
  await waitFor(async () =>
    rm(path.join(dir, "policy.json")).then(
      () => true,
      () => false,
    ),
  );
  await query(database.ownerUrl, `update organisation set name = 'Acme & Sons' where id = '${orgId}'`);
  await waitFor(async () => (await import("node:fs")).existsSync(path.join(dir, "policy.json")));
  await first.close();

  await relay.cut();
  const second = await open();
  expect(second.directory.ready()).toBe(true);
  expect(second.directory.fresh()).toBe(false);
  expect(second.directory.org(orgId)).toMatchObject({ name: "Acme & Sons" });
  expect(second.directory.org(orgId)?.limits[0]?.amount).toBe(9007199254740993n);
  await relay.mend();
  await waitFor(() => second.directory.fresh());
  await second.close();
});

test("a change is noticed without notifications, as behind a pooler", async () => {
  const elsewhere = new URL(database.proxyUrl);
  // Notifications do not reach other databases.
  elsewhere.pathname = "/template1";
  const { directory, close } = await open({ connectionString: elsewhere.href, pollMs: 3_600_000, lookMs: 20 });
  await waitFor(() => directory.fresh());
  await waitFor(async () => {
    await query(database.ownerUrl, `update organisation set name = 'Looked at' where id = '${orgId}'`);
    return directory.org(orgId)?.name === "Looked at";
  });
  await close();
});

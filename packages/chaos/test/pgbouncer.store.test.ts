import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { governedOrganisation } from "@tollgate/chaos/governed-organisation";
import { createInstallation, type Installation } from "@tollgate/chaos/installation";
import { query } from "@tollgate/testkit/cluster";
import { pgBouncerMissing, startPgBouncer, type TestPgBouncer } from "@tollgate/testkit/pgbouncer";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

const reason = await pgBouncerMissing();
const CALLS = 20;

describe.skipIf(reason)(
  `with PgBouncer in transaction mode in front of Postgres${reason ? ` (${reason})` : ""}`,
  () => {
    let database: TestDatabase;
    let pooler: TestPgBouncer;
    let provider: Provider;
    let dir: string | undefined;
    let installation: Installation;

    beforeAll(async () => {
      database = await testDatabase();
      pooler = await startPgBouncer(inject("cluster"));
      provider = await startProvider();
      dir = await mkdtemp(path.join(tmpdir(), "tollgate-pooled-"));
      const [controlUrl, proxyUrl, ingestUrl] = [database.controlUrl, database.proxyUrl, database.ingestUrl].map(
        pooler.through,
      ) as [string, string, string];
      installation = await createInstallation({ controlUrl, proxyUrl, ingestUrl }, dir);
    });
    afterAll(async () => {
      await Promise.all([installation?.proxy.stop(), installation?.worker.stop()]);
      await provider?.close();
      await pooler?.stop();
      await database?.drop();
      if (dir) await rm(dir, { recursive: true, force: true });
    });

    const call = (key: string, model: string): Promise<number> =>
      fetch(`${installation.proxyOrigin}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
      }).then(async (response) => {
        await response.arrayBuffer();
        return response.status;
      });

    test("dashboard verbs, proxy, queue and worker behave as without it", async () => {
      const { settings, proxy, worker } = installation;
      const { keys, model } = await governedOrganisation(settings, provider.url, {
        keys: { first: [] },
      });
      await Promise.all([proxy.start(), worker.start()]);
      const statuses = await Promise.all(Array.from({ length: CALLS }, () => call(keys.first, model)));
      expect(statuses).toEqual(Array.from({ length: CALLS }, () => 200));
      const recorded = "SELECT count(*)::int AS n FROM usage_event";
      await waitFor(async () => (await query<{ n: number }>(database.ownerUrl, recorded))[0]?.n === CALLS);
      // The pooler passes no notifications: the proxy polls for changes.
      await query(database.ownerUrl, "UPDATE virtual_key SET state = 'revoked'");
      await waitFor(async () => (await call(keys.first, model)) === 403);
    });
  },
);

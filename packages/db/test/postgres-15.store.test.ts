import {
  debianPostgres,
  migrate,
  query,
  startTestCluster,
  type TestCluster,
  type TestServer,
} from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../src/client.ts";
import { openPool } from "../src/pool.ts";
import { withTenant } from "../src/with-tenant.ts";
import { testTenant } from "./tenant.ts";

const binaries = debianPostgres(15);

describe.skipIf(binaries === null)("on Postgres 15 (Debian's, where it is installed)", () => {
  let server: TestCluster & TestServer;
  beforeAll(async () => {
    server = await startTestCluster(binaries ? { binaries } : {});
  });
  afterAll(() => server?.stop());

  test("migrations and the queue's installation succeed, and row security works", async () => {
    const database = await testDatabase(server);
    expect(
      await query(database.ownerUrl, "SELECT current_setting('server_version_num')::int / 10000 AS major"),
    ).toEqual([{ major: 15 }]);
    const [a, b] = [await testTenant(database, "a"), await testTenant(database, "b")];
    const control = openDatabase({ connectionString: database.controlUrl });
    const seen = await withTenant(control, a.proof, (tx) => tx.organisation.findMany({ select: { id: true } }));
    expect(seen).toEqual([{ id: a.orgId }]);
    await control.close();
    const proxy = openPool({ connectionString: database.proxyUrl });
    const { rows } = await proxy.query("SELECT org_id FROM directory_policy ORDER BY 1");
    expect(rows.map(({ org_id }) => org_id)).toEqual([a.orgId, b.orgId].toSorted());
    await proxy.end();
    expect(await query(database.ingestUrl, "SELECT 1 FROM bullmq.job")).toEqual([]);
  });

  test("a role that is not a superuser can migrate", async () => {
    await query(
      server.ownerUrl,
      "CREATE ROLE migrator LOGIN CREATEROLE PASSWORD 'm'",
      "CREATE DATABASE modest OWNER migrator",
    );
    const url = new URL(server.ownerUrl);
    [url.username, url.password, url.pathname] = ["migrator", "m", "/modest"];
    await migrate(url.href);
    expect(await query(url.href, "SELECT has_organisation FROM installation")).toEqual([{ has_organisation: false }]);
  });
});

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { withDatabase } from "@tollgate/local/postgres";
import { migrate, query, startServer } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../../..");
const TABLES =
  "SELECT count(*)::int AS n FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace";

describe("on a separate server", () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer();
    await query(
      server.ownerUrl,
      "CREATE ROLE migrator LOGIN CREATEROLE PASSWORD 'm'",
      "CREATE DATABASE modest OWNER migrator",
      "CREATE DATABASE busy OWNER migrator",
    );
  });
  afterAll(() => server.stop());

  const as = (database: string): string => {
    const url = new URL(withDatabase(server.ownerUrl, database));
    url.username = "migrator";
    url.password = "m";
    return url.href;
  };

  test("a role that is not a superuser can migrate, and policy changes still reach the directory", async () => {
    const url = as("modest");
    await migrate(url);
    await query(url, "ALTER ROLE tollgate_control LOGIN PASSWORD 'c'");
    const control = new URL(url);
    control.username = "tollgate_control";
    control.password = "c";
    await query(
      control.href,
      "BEGIN",
      "SELECT create_person('01890000-0000-7000-8000-000000000002', 'a@example.com', 'A', 'x')",
      "SELECT create_organisation('01890000-0000-7000-8000-000000000001', 'a', 'A')",
      "INSERT INTO team (id, org_id, name) VALUES (gen_random_uuid(), '01890000-0000-7000-8000-000000000001', 'T')",
      "DELETE FROM team",
      "COMMIT",
    );
    expect(
      await query(
        withDatabase(server.ownerUrl, "modest"),
        "SELECT kind FROM policy_change WHERE organisation = '01890000-0000-7000-8000-000000000001'",
      ),
    ).toEqual([{ kind: "organisation" }]);
    expect(await query(url, "SELECT FROM organisation")).toEqual([]);
  });

  test("no role can hide a real table, view or function behind a temporary one on a pooled connection", async () => {
    await query(
      as("modest"),
      "ALTER ROLE tollgate_proxy LOGIN PASSWORD 'c'",
      "ALTER ROLE tollgate_ingest LOGIN PASSWORD 'c'",
    );
    for (const role of ["tollgate_control", "tollgate_proxy", "tollgate_ingest"]) {
      const url = new URL(as("modest"));
      url.username = role;
      url.password = "c";
      for (const statement of [
        "CREATE TEMPORARY TABLE sign_in_failure (org_id uuid)",
        "CREATE TEMPORARY VIEW usage_rated AS SELECT 1",
        "CREATE FUNCTION pg_temp.keep(text) RETURNS text LANGUAGE sql RETURN $1",
      ])
        await expect(query(url.href, statement), `${role}: ${statement}`).rejects.toThrow(/permission denied/);
    }
  });

  test("four concurrent deploys succeed", async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(as("busy"))));
    const applied = await query<{ n: number }>(as("busy"), TABLES);
    expect(applied).toEqual(await query(as("modest"), TABLES));
  });
});

describe("the schema and the migrations", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const drift = async (): Promise<string> => {
    const config = ["--config", "prisma/prisma.config.ts"];
    const compare = [
      "migrate",
      "diff",
      ...config,
      "--from-config-datasource",
      "--to-schema",
      "prisma/schema",
      "--script",
    ];
    const { stdout } = await promisify(execFile)(path.join(root, "node_modules/.bin/prisma"), compare, {
      cwd: root,
      env: { ...process.env, DATABASE_URL: database.ownerUrl },
    });
    return stdout.trim();
  };

  test("are equal, except for partitions and the queue's tables", async () => {
    await query(database.ownerUrl, "SELECT ensure_usage_partition('2026-01-15')");
    expect(await drift()).toBe("-- This is an empty migration.");
  });

  test("are found to differ if they do", async () => {
    await query(database.ownerUrl, "ALTER TABLE team ADD COLUMN forgotten text");
    expect(await drift()).toContain('DROP COLUMN "forgotten"');
  });
});

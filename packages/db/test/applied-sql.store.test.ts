import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { withDatabase } from "@tollgate/local/postgres";
import { migrate, query } from "@tollgate/testkit/cluster";
import { pgBouncerMissing, startPgBouncer } from "@tollgate/testkit/pgbouncer";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterEach, beforeEach, expect, inject, test } from "vitest";

const prisma = path.join(import.meta.dirname, "../../../prisma");
const migrations = path.join(prisma, "migrations");
const engine: { reapplySql(url: string, options?: { folder: string }): Promise<string[]> } = await import(
  pathToFileURL(path.join(prisma, "engine/reapply-sql.mjs")).href
);

let database: TestDatabase;
/** A copy of prisma/sql that tests change. */
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "tollgate-sql-"));
  cpSync(path.join(prisma, "sql"), folder, { recursive: true });
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const reapply = (url = database.ownerUrl) => engine.reapplySql(url, { folder });
const acl = (column: string) => `(SELECT array_agg(a::text ORDER BY a::text) FROM unnest(${column}) AS a)`;
const SCHEMAS = "('public'::regnamespace, 'wall'::regnamespace)";
const CATALOGUE = [
  `SELECT oid::regclass::text, relkind, relowner::regrole::text, ${acl("relacl")} AS acl, reloptions, relrowsecurity,
     relforcerowsecurity, CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) END AS definition
   FROM pg_class WHERE relnamespace IN ${SCHEMAS} AND relkind IN ('r', 'p', 'v') ORDER BY 1`,
  "SELECT * FROM pg_policies ORDER BY schemaname, tablename, policyname",
  `SELECT oid::regprocedure::text, proowner::regrole::text, ${acl("proacl")} AS acl, pg_get_functiondef(oid) AS definition,
     obj_description(oid) AS comment
   FROM pg_proc WHERE pronamespace IN ${SCHEMAS} ORDER BY 1`,
  `SELECT attrelid::regclass::text, attname, ${acl("attacl")} AS acl FROM pg_attribute WHERE attacl IS NOT NULL ORDER BY 1, 2`,
  `SELECT nspname, ${acl("nspacl")} AS acl FROM pg_namespace WHERE oid IN ${SCHEMAS} ORDER BY 1`,
];
const catalogue = (url: string) => Promise.all(CATALOGUE.map((each) => query(url, each)));

test("a database that was upgraded has the same views, policies, functions and rights as a new one", async () => {
  const { ownerUrl } = inject("cluster");
  const name = `upgraded_sql_${process.pid}`;
  const url = withDatabase(ownerUrl, name);
  await query(ownerUrl, `CREATE DATABASE ${name}`);
  try {
    await query(
      url,
      `CREATE TABLE _prisma_migrations (
         id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
         logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
         applied_steps_count integer NOT NULL DEFAULT 0
       )`,
    );
    const before = readdirSync(migrations).filter((each) => /^\d/.test(each) && each < "20261128500100_applied_sql");
    for (const each of before) {
      const text = readFileSync(path.join(migrations, each, "migration.sql"), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      await query(
        url,
        text,
        `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
         VALUES (gen_random_uuid(), '${checksum}', now(), '${each}', 1)`,
      );
    }
    await migrate(url);
    const upgraded = await catalogue(url);
    const created = `created_sql_${process.pid}`;
    await query(ownerUrl, `CREATE DATABASE ${created}`);
    await migrate(withDatabase(ownerUrl, created));
    expect(upgraded).toEqual(await catalogue(withDatabase(ownerUrl, created)));
    await query(ownerUrl, `DROP DATABASE ${created} WITH (FORCE)`);
  } finally {
    await query(ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
});

test("each view, and each table with policies, has a file", async () => {
  const names = (kind: string) => readdirSync(path.join(prisma, "sql", kind)).sort();
  const inDatabase = (sql: string) =>
    query<{ name: string }>(database.ownerUrl, sql).then((rows) => rows.map(({ name }) => `${name}.sql`).toSorted());
  expect(names("views")).toEqual(await inDatabase("SELECT viewname AS name FROM pg_views WHERE schemaname = 'public'"));
  expect(names("policies")).toEqual(
    await inDatabase("SELECT DISTINCT tablename AS name FROM pg_policies WHERE schemaname = 'public'"),
  );
});

test("a changed file is applied once without a migration, and an older version does not revert it", async () => {
  expect(await reapply()).toEqual([]);
  const installation = path.join(folder, "views/installation.sql");
  writeFileSync(
    installation,
    readFileSync(installation, "utf8").replace("AS has_organisation", "AS has_organisation, 7 AS lucky"),
  );
  const team = path.join(folder, "policies/team.sql");
  writeFileSync(team, readFileSync(team, "utf8").replace(/CREATE POLICY ingest [^;]*;/, ""));
  expect(await reapply()).toEqual(["views/installation.sql", "policies/team.sql"]);
  expect(await reapply()).toEqual([]);
  const policies = "SELECT policyname FROM pg_policies WHERE tablename = 'team' ORDER BY 1";
  const now = [{ policyname: "directory" }, { policyname: "tenant" }];
  expect(await query(database.controlUrl, "SELECT * FROM installation")).toEqual([
    { has_organisation: false, lucky: 7 },
  ]);
  expect(await query(database.ownerUrl, policies)).toEqual(now);

  // A machine with the previous version starts, and migrates as every start does.
  await migrate(database.ownerUrl);
  expect(await query(database.controlUrl, "SELECT lucky FROM installation")).toEqual([{ lucky: 7 }]);
  expect(await query(database.ownerUrl, policies)).toEqual(now);
});

test("a deploy without a new migration applies changed files", async () => {
  await query(
    database.ownerUrl,
    "UPDATE wall.applied_sql SET hash = 'of an older version' WHERE file = 'policies/team.sql'",
    "DROP POLICY directory ON team",
  );
  await migrate(database.ownerUrl);
  const policies = "SELECT 1 FROM pg_policies WHERE tablename = 'team' AND policyname = 'directory'";
  expect(await query(database.ownerUrl, policies)).toHaveLength(1);
});

test("a database that a newer version has migrated is not changed", async () => {
  await query(
    database.ownerUrl,
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)
     VALUES ('later', '', now(), '29991231000000_later')`,
  );
  appendFileSync(path.join(folder, "views/installation.sql"), "-- changed\n");
  expect(await reapply()).toEqual([]);
});

test("the error names a file that fails, and nothing is applied", async () => {
  appendFileSync(path.join(folder, "views/directory_key.sql"), "-- changed\n");
  appendFileSync(path.join(folder, "views/installation.sql"), "SELECT no_such_column FROM installation;\n");
  const before = await catalogue(database.ownerUrl);
  await expect(reapply()).rejects.toThrow(/prisma\/sql\/views\/installation\.sql: .*no_such_column/);
  expect(await catalogue(database.ownerUrl)).toEqual(before);
});

test("two machines that start at the same time apply each file once", async () => {
  appendFileSync(path.join(folder, "views/installation.sql"), "-- changed\n");
  appendFileSync(path.join(folder, "policies/team.sql"), "-- changed\n");
  const applied = await Promise.all([reapply(), reapply(), reapply()]);
  expect(applied.flat()).toEqual(["views/installation.sql", "policies/team.sql"]);
});

test("a table in use is waited for, and other tables are not locked meanwhile", async () => {
  for (const table of ["team", "usage_event"])
    appendFileSync(path.join(folder, `policies/${table}.sql`), "-- changed\n");
  const running = new pg.Client({ connectionString: database.controlUrl });
  await running.connect();
  await running.query("BEGIN; SELECT FROM usage_event");
  const reapplied = reapply();
  const waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'usage_event'::regclass";
  await waitFor(async () => (await query(database.ownerUrl, waits)).length > 0);
  expect(await query(database.controlUrl, "SELECT id FROM team")).toEqual([]);
  await running.query("COMMIT");
  await running.end();
  expect(await reapplied).toEqual(["policies/team.sql", "policies/usage_event.sql"]);
});

test("files are applied through a pooler in transaction mode", async (context) => {
  const missing = await pgBouncerMissing();
  if (missing) return context.skip(missing);
  const cluster = inject("cluster");
  const bouncer = await startPgBouncer(cluster);
  try {
    appendFileSync(path.join(folder, "views/installation.sql"), "-- changed\n");
    const url = bouncer.through(database.ownerUrl);
    const applied = await Promise.all([reapply(url), reapply(url)]);
    expect(applied.flat()).toEqual(["views/installation.sql"]);
  } finally {
    await bouncer.stop();
  }
});

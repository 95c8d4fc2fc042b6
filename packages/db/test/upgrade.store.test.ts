import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { withDatabase } from "@tollgate/local/postgres";
import { query } from "@tollgate/testkit/cluster";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

const folder = path.join(import.meta.dirname, "../../../prisma/migrations");
const PROOFS = "20261128060000_proven_tenant";
const [orgId, teamId] = ["01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002"];

const names = readdirSync(folder).filter((name) => /^\d/.test(name));
const name = `upgraded_${process.pid}`;
const { ownerUrl, password } = inject("cluster");
const url = withDatabase(ownerUrl, name);
const controlUrl = new URL(url);
[controlUrl.username, controlUrl.password] = ["tollgate_control", password];

/** Like Prisma: each file in one query. */
async function apply(migrations: string[]): Promise<void> {
  for (const each of migrations) await query(url, readFileSync(path.join(folder, each, "migration.sql"), "utf8"));
}

/** Runs a query as a dashboard of the previous version does. */
const unproven = () =>
  query(controlUrl.href, "BEGIN", `SELECT set_config('app.org_id', '${orgId}', true)`, "SELECT id FROM team");

beforeAll(async () => {
  await query(ownerUrl, `CREATE DATABASE ${name}`);
  await apply(names.filter((each) => each < PROOFS));
  await query(
    url,
    `INSERT INTO organisation (id, slug, name) VALUES ('${orgId}', 'a', 'A')`,
    `INSERT INTO team (id, org_id, name) VALUES ('${teamId}', '${orgId}', 'T')`,
  );
});
afterAll(() => query(ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`));

test("the upgrade to proofs does not stop running processes, and old dashboards work for an hour", async () => {
  expect(await unproven()).toEqual([{ id: teamId }]);
  const running = new pg.Client({ connectionString: controlUrl.href });
  await running.connect();
  await running.query("BEGIN");
  await running.query("SELECT 1 FROM usage_event");
  const migrated = apply(names.filter((each) => each >= PROOFS));
  // The migration cannot lock this table, so it releases the others and tries again. Other queries go on.
  const waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'usage_event'::regclass";
  await waitFor(async () => (await query(url, waits)).length > 0);
  expect(await unproven()).toEqual([{ id: teamId }]);
  await running.query("COMMIT");
  await running.end();
  await migrated;
  expect(await unproven()).toEqual([{ id: teamId }]);
  const [left] = await query<{ hour: boolean }>(
    url,
    "SELECT unsealed_until > now() AND unsealed_until <= now() + interval '1 hour' AS hour FROM wall.seal_key",
  );
  expect(left).toEqual({ hour: true });
  await query(url, "UPDATE wall.seal_key SET unsealed_until = now()");
  expect(await unproven()).toEqual([]);
});

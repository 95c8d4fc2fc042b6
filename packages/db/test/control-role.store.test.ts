import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestTenant, testTenant } from "./tenant.ts";

let database: TestDatabase;
let own: TestTenant;
let foreign: TestTenant;

beforeAll(async () => {
  database = await testDatabase();
  own = await testTenant(database, "own");
  foreign = await testTenant(database, "foreign");
  for (const { orgId } of [own, foreign])
    await query(
      database.ownerUrl,
      `INSERT INTO team (id, org_id, name) SELECT gen_random_uuid(), '${orgId}', 'T' || n FROM generate_series(1, 50) AS n`,
    );
});
afterAll(() => database.drop());

/** Runs an attacker's SQL as the dashboard's role in one transaction. Returns the rows of the last statement. */
const attack = <Row extends pg.QueryResultRow>(...statements: string[]): Promise<Row[]> =>
  query<Row>(database.controlUrl, "BEGIN", ...statements);

const set = (name: string, value: string): string => `SELECT set_config('app.${name}', '${value}', true)`;

describe("SQL run as the control role", () => {
  test("cannot read an organisation by naming it", async () => {
    for (const { orgId, userId } of [own, foreign]) {
      const name = [set("org_id", orgId), set("user_id", userId)];
      for (const table of ["organisation", "team", "membership", "user_session"])
        expect(await attack(...name, `SELECT 1 FROM ${table}`)).toEqual([]);
      expect(await attack(...name, "SELECT tenant(), person()")).toEqual([{ tenant: null, person: null }]);
      const enter = `SELECT enter_session('${own.sessionId}', '${own.orgId}')`;
      expect(await attack(enter, set("org_id", foreign.orgId), "SELECT 1 FROM team")).toEqual([]);
      expect(await attack(enter, "SELECT 1 FROM team")).toHaveLength(50);
    }
  });

  test("cannot read an organisation with the MAC of another transaction", async () => {
    const enter = `SELECT enter_session('${own.sessionId}', '${own.orgId}')`;
    const [seal] = await attack<{ seal: string }>(enter, "SELECT current_setting('app.seal') AS seal");
    const replay = [set("org_id", own.orgId), set("seal", seal?.seal ?? "")];
    expect(await attack(...replay, "SELECT 1 FROM team")).toEqual([]);
  });

  test("cannot read the MAC key, session rows, token rows or password hashes", async () => {
    for (const statement of [
      "SELECT 1 FROM wall.seal_key",
      "SELECT wall.seal('', '')",
      `SELECT wall.enter('${foreign.orgId}', NULL)`,
      "SELECT wall.rotate_key()",
      "SELECT password_hash FROM app_user",
      "UPDATE app_user SET name = name RETURNING password_hash",
      "INSERT INTO app_user (id, email, name) VALUES (gen_random_uuid(), 'x@example.com', 'x')",
      "INSERT INTO organisation (id, slug, name) VALUES (gen_random_uuid(), 'x', 'x')",
      "SET ROLE tollgate_wall",
    ])
      await expect(attack(statement), statement).rejects.toThrow(/permission denied/);
    const bearer = [set("session_id", foreign.sessionId), set("sign_in_email", "foreign@example.com")];
    expect(await attack(...bearer, "SELECT id FROM user_session UNION SELECT id FROM app_user")).toEqual([]);
  });

  test("cannot create a person or an organisation that exists", async () => {
    expect(
      await attack(
        `SELECT create_person('${foreign.userId}', 'new@example.com', 'x', 'x') AS person,
           create_organisation('${foreign.orgId}', 'new', 'x') AS organisation, tenant() AS tenant, person() AS who`,
      ),
    ).toEqual([{ person: false, organisation: false, tenant: null, who: null }]);
  });

  test("can append only the next entry to the audit chain", async () => {
    const enter = `SELECT enter_session('${own.sessionId}', '${own.orgId}')`;
    const entry = (sequence: number, orgId = own.orgId) =>
      `INSERT INTO audit_entry (org_id, sequence, at, actor_kind, actor_name, action, subject, hash)
       VALUES ('${orgId}', ${sequence}, now(), 'user', 'x', 'x', 'x', 'x') RETURNING sequence`;
    expect(await attack(enter, entry(1), entry(2))).toEqual([{ sequence: "2" }]);
    for (const sequence of [0, 2, 3, -1])
      await expect(attack(enter, entry(sequence))).rejects.toThrow(/follows the last one/);
    await expect(attack(enter, entry(1), entry(3))).rejects.toThrow(/2 and not 3/);
    await expect(attack(enter, entry(1, foreign.orgId))).rejects.toThrow(/row-level security/);
  });

  test("cannot find organisations by listening to notifications", async () => {
    const listener = new pg.Client({ connectionString: database.controlUrl });
    const payloads: string[] = [];
    listener.on("notification", ({ payload }) => payloads.push(payload ?? ""));
    await listener.connect();
    await listener.query("LISTEN tollgate_policy");
    await query(database.ownerUrl, `UPDATE organisation SET name = 'Other' WHERE id = '${foreign.orgId}'`);
    await waitFor(() => payloads.length > 0);
    await listener.end();
    expect(payloads.filter((payload) => payload.includes("-"))).toEqual([]);
  });
});

interface Plan {
  "Parent Relationship"?: string;
  "Actual Loops": number;
  Filter?: string;
  Plans?: Plan[];
}
const all = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(all)];

test("the tenant is computed once per statement, not once per row", async () => {
  const [row] = await attack<{ "QUERY PLAN": { Plan: Plan }[] }>(
    `SELECT enter_session('${own.sessionId}', '${own.orgId}')`,
    "SET LOCAL enable_indexscan = off",
    "SET LOCAL enable_bitmapscan = off",
    "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) SELECT * FROM team",
  );
  const plans = all(row?.["QUERY PLAN"][0]?.Plan as Plan);
  const initial = plans.filter((plan) => plan["Parent Relationship"] === "InitPlan");
  expect(initial.map((plan) => plan["Actual Loops"])).toEqual([1]);
  expect(plans.some(({ Filter }) => Filter?.includes("tenant"))).toBe(false);
  expect(plans.some(({ Filter }) => Filter?.includes("org_id"))).toBe(true);
});

test("after an upgrade, dashboards of the previous version work for an hour", async () => {
  const name = [set("org_id", foreign.orgId), "SELECT 1 FROM team"];
  await query(database.ownerUrl, "UPDATE wall.seal_key SET unsealed_until = now() + interval '1 hour'");
  expect(await attack(...name)).toHaveLength(50);
  expect(await attack(set("session_id", own.sessionId), "SELECT 1 FROM user_session")).toHaveLength(1);
  await query(database.ownerUrl, "UPDATE wall.seal_key SET unsealed_until = '-infinity'");
  expect(await attack(...name)).toEqual([]);
});

test("a new key ends transactions with the old one, and new transactions work", async () => {
  const enter = `SELECT enter_session('${own.sessionId}', '${own.orgId}')`;
  await query(database.ownerUrl, "SELECT wall.rotate_key()");
  expect(await attack(enter, "SELECT 1 FROM team")).toHaveLength(50);
});

import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Listener } from "../src/listen.ts";
import { policyListener } from "./policy-listener.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

const [orgId, otherId, teamId, keyId, memberKeyId] = Array.from({ length: 5 }, freshId) as [string, ...string[]];
let database: TestDatabase;
let tenant: TestTenant;
let listener: Listener;
const payloads: string[] = [];

const sql = (...statements: string[]) => query(database.ownerUrl, ...statements);
const last = async (): Promise<bigint> => BigInt((await sql("select max(revision) from policy_change"))[0]?.max);

interface Change {
  kind: string;
  subject: string;
  organisation: string;
}

/** What these statements add to the log, in one transaction. */
async function logged(...statements: string[]): Promise<string[]> {
  const before = await last();
  await sql(["begin", ...statements, "commit"].join(";"));
  const rows = await query<Change>(
    database.proxyUrl,
    `select organisation, kind, subject from directory_change where revision > ${before} order by organisation, kind, subject`,
  );
  const names = new Map([
    [orgId, "acme"],
    [otherId, "other"],
    [tenant.orgId, "tenant"],
  ]);
  return rows.map(({ organisation, kind, subject }) =>
    [names.get(organisation) ?? organisation, kind, subject].filter((part) => part !== "").join(" "),
  );
}
const revision = async (id = orgId): Promise<number> =>
  Number((await sql(`select revision from organisation where id = '${id}'`))[0]?.revision);

beforeAll(async () => {
  database = await testDatabase();
  tenant = await testTenant(database, "tenant", "Tenant");
  await sql(
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme'), ('${otherId}', 'other', 'Other')`,
    `insert into team (id, org_id, name) values ('${teamId}', '${orgId}', 'Research')`,
    `insert into virtual_key (id, org_id, public_id, name, last_four) values ('${keyId}', '${orgId}', 'first00000', 'First', 'abcd')`,
    `insert into virtual_key (id, org_id, public_id, name, last_four, member_id)
     values ('${memberKeyId}', '${tenant.orgId}', 'members000', 'Of a member', 'abcd', '${tenant.memberId}')`,
    `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds)
     values (gen_random_uuid(), '${orgId}', 'organisation', null, 'usd', 'month', 5, '{}')`,
  );
  listener = await policyListener(database.proxyUrl, (payload) => payloads.push(payload));
});
beforeEach(() => void payloads.splice(0));
afterAll(async () => {
  await listener.close();
  await database.drop();
});

test.each([
  [
    "another name of the organisation",
    `update organisation set name = 'Acme 2' where id = '${orgId}'`,
    ["acme organisation"],
  ],
  ["a change of a team", `update team set deny = '["x"]'`, ["acme organisation"]],
  [
    "a new key",
    `insert into virtual_key (id, org_id, public_id, name, last_four) values (gen_random_uuid(), '${otherId}', 'second0000', 'Second', 'abcd')`,
    ["other key second0000"],
  ],
  [
    "a secret",
    `insert into key_secret (id, org_id, key_id, hash) values (gen_random_uuid(), '${orgId}', '${keyId}', 'ab')`,
    ["acme key first00000"],
  ],
  ["a revoked key", `update virtual_key set state = 'revoked' where id = '${keyId}'`, ["acme key first00000"]],
  ["a secret that ends", "update key_secret set not_after = now()", ["acme key first00000"]],
  [
    "another public id",
    `update virtual_key set public_id = 'third00000' where id = '${keyId}'`,
    ["acme key first00000", "acme key third00000"],
  ],
  ["a key that goes with its secrets", `delete from virtual_key where id = '${keyId}'`, ["acme key third00000"]],
  [
    "corrected counters",
    `update organisation set counters_revision = counters_revision + 1 where id = '${orgId}'`,
    ["acme counters"],
  ],
  ["a last use", "update virtual_key set last_used_at = now()", []],
  ["a row written again as it was", "update team set name = name, updated_at = now()", []],
  ["a truncated table", "truncate key_secret", ["00000000-0000-0000-0000-000000000000 all"]],
])("%s is logged", async (_name, statement, changes) => {
  expect(await logged(statement)).toEqual(changes);
  if (changes.length > 0) await waitFor(() => payloads.length > 0);
});

test("a member's role is logged for its keys, and a limit of one key with the key's name", async () => {
  expect(await logged(`update membership set role = 'developer' where id = '${tenant.memberId}'`)).toEqual([
    `tenant member ${tenant.memberId}`,
    "tenant organisation",
  ]);
  await sql(
    `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds)
     values (gen_random_uuid(), '${tenant.orgId}', 'key', '${memberKeyId}', 'usd', 'month', 5, '{}')`,
  );
  expect(await logged(`update virtual_key set name = 'Renamed' where id = '${memberKeyId}'`)).toEqual([
    "tenant key members000",
    "tenant organisation",
  ]);
});

test("a thousand keys in one transaction are a row each, one revision and one notification; a rollback is nothing", async () => {
  const before = await revision();
  const keys = `insert into virtual_key (id, org_id, public_id, name, last_four)
    select gen_random_uuid(), '${orgId}', 'bulk' || lpad(n::text, 6, '0'), 'Bulk', 'abcd' from generate_series(1, 1000) as n`;
  const secrets = `insert into key_secret (id, org_id, key_id, hash)
    select gen_random_uuid(), org_id, id, 'ab' from virtual_key where public_id like 'bulk%'`;
  expect(await logged(keys, secrets)).toHaveLength(1000);
  expect(await revision()).toBe(before + 1);
  await waitFor(() => payloads.length > 0);
  expect(payloads).toHaveLength(1);

  const newest = await last();
  await sql(`begin; ${keys.replaceAll("bulk", "back")}; rollback`);
  expect([await last(), await revision()]).toEqual([newest, before + 1]);
});

test("changes older than a week are deleted, the newest stays", async () => {
  await sql("update policy_change set at = now() - interval '8 days'");
  const newest = await last();
  await query(database.ingestUrl, "select forget_policy_changes()");
  expect(await sql("select revision from policy_change")).toEqual([{ revision: String(newest) }]);
});

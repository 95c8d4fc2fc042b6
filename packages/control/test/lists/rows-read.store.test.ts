import { listAlerts } from "@tollgate/control/alerts/list";
import { listAudit } from "@tollgate/control/audit/list";
import type { Context } from "@tollgate/control/context";
import { listKeys } from "@tollgate/control/keys/list";
import type { AnyVerb } from "@tollgate/control/verb";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { rowsReadBy } from "./rows-read-by.ts";

const KEYS = 5_000;
const LIMIT = 20;

let setup: TestSetup;
let owner: Context;
let teamId: string;

/** An organisation with 5,000 keys, of which the newest are revoked, and whose newer keys belong to another one. */
beforeAll(async () => {
  setup = await openTestSetup();
  owner = await setup.organisation();
  const others = await setup.organisation("Globex");
  const { ownerUrl } = setup.database;
  const key = (org: string, count: number, days: number) => `
    insert into virtual_key (id, org_id, public_id, name, last_four, state, team_id, created_at)
    select uuidv7(), '${org}', md5('${org}' || n), 'key-' || md5(n::text), 'abcd',
      (case when n > ${KEYS - 1_000} then 'revoked' else 'active' end)::key_state,
      (select id from team where org_id = '${org}' and n % 50 = 0), now() - interval '${days} days' + n * interval '1 second'
    from generate_series(1, ${count}) as n`;
  await query(
    ownerUrl,
    `insert into team (id, org_id, name) values (uuidv7(), '${owner.orgId}', 'Research')`,
    key(owner.orgId, KEYS, 2),
    key(others.orgId, 500, 1),
    `insert into audit_entry (org_id, sequence, at, actor_kind, actor_name, action, subject, hash)
     select o, (select max(sequence) from audit_entry where org_id = o) + n, now(), 'user', 'Ada', 'keys.update', 'key ' || n, ''
     from unnest(array['${owner.orgId}', '${others.orgId}']::uuid[]) as o, generate_series(1, 3000) as n order by n`,
    `insert into alert (id, org_id, kind, limit_id, subject, window_start, facts, raised_at)
     select uuidv7(), o, 'test', uuidv7(), n::text, now(), '{"kind":"test","channelName":"x","askedBy":"y"}',
       now() + (case o when '${owner.orgId}' then n else n + 10000 end) * interval '1 second'
     from unnest(array['${owner.orgId}', '${others.orgId}']::uuid[]) as o, generate_series(1, 3000) as n`,
    "analyze",
  );
  const [team] = await query<{ id: string }>(ownerUrl, "select id from team");
  teamId = team?.id ?? "";
});

/** The page and its look-ahead, each row read once for its id and once whole, and some of joined tables. */
const FEW = 8 * LIMIT;

const CASES: [string, AnyVerb, () => object][] = [
  ["keys, newest first", listKeys, () => ({})],
  ["keys, oldest first", listKeys, () => ({ sort: "createdAt" })],
  ["keys with revoked ones", listKeys, () => ({ revoked: true })],
  ["keys by name", listKeys, () => ({ sort: "name" })],
  ["keys by name, descending", listKeys, () => ({ sort: "-name", revoked: "true" })],
  ["keys of a team", listKeys, () => ({ teamId })],
  ["audit", listAudit, () => ({})],
  ["alerts", listAlerts, () => ({})],
];

test.each(CASES)(
  "%s: a page reads about as many rows as it has, at the start and in the middle",
  async (_, verb, input) => {
    const limit = LIMIT;
    let cursor: string | undefined;
    for (const pages of [0, 4]) {
      for (let page = 0; page < pages; page += 1) {
        const response = (await verb.call(owner, { ...input(), limit, cursor })) as { nextCursor: string | null };
        cursor = response.nextCursor ?? undefined;
      }
      const rows = await rowsReadBy(setup, owner, () => verb.call(owner, { ...input(), limit, cursor }));
      expect(rows).toBeGreaterThanOrEqual(limit);
      expect(rows).toBeLessThanOrEqual(FEW);
    }
  },
);

test("a search and an order without an index read the organisation's rows, and no others", async () => {
  for (const input of [{ search: "no such key" }, { sort: "lastUsedAt" as const }]) {
    expect(await rowsReadBy(setup, owner, () => listKeys(owner, input))).toBeLessThanOrEqual(KEYS + 1_000);
  }
});

test("by default an answer has 100 items in less than 150 kB and a cursor of the rest", async () => {
  for (const verb of [listKeys, listAudit, listAlerts]) {
    const response = (await verb.call(owner, {})) as { items: unknown[]; nextCursor: string | null };
    expect([response.items.length, typeof response.nextCursor]).toEqual([100, "string"]);
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThan(150_000);
  }
});

import { listAudit } from "@tollgate/control/audit/list";
import type { Context } from "@tollgate/control/context";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { rowsReadBy } from "./rows-read-by.ts";

const ENTRIES = 120_000;
/** What one call searches, and some rows of other tables. */
const PART = 50_000 + 200;

let setup: TestSetup;
let owner: Context;

/** Every entry is a second after the one before. The needle is the eleventh. */
beforeAll(async () => {
  setup = await openTestSetup();
  owner = await setup.organisation();
  await query(
    setup.database.ownerUrl,
    `delete from audit_entry where org_id = '${owner.orgId}'`,
    `insert into audit_entry (org_id, sequence, at, actor_kind, actor_name, action, subject, hash)
     select '${owner.orgId}', n, timestamptz '2026-01-01Z' + n * interval '1 second', 'user', 'Ada', 'keys.update',
       case n when 11 then 'key needle' else 'key ' || n end, ''
     from generate_series(1, ${ENTRIES}) as n`,
    "analyze audit_entry",
  );
});

const atOf = (sequence: number) => new Date(Date.UTC(2026, 0, 1) + sequence * 1_000).toISOString();

/** Follows a search to its end. */
async function pagesOf(input: Parameters<typeof listAudit>[1]) {
  const pages: Awaited<ReturnType<typeof listAudit>>[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAudit(owner, { ...input, ...(cursor ? { cursor } : {}) });
    pages.push(page);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return pages;
}

test("a search says how far it got, and its cursors lead to every match once", async () => {
  const pages = await pagesOf({ search: "NEEDLE" });
  expect(pages.map(({ items, searchedTo }) => [items.map(({ sequence }) => sequence), searchedTo])).toEqual([
    [[], atOf(ENTRIES - 50_000 + 1)],
    [[], atOf(ENTRIES - 100_000 + 1)],
    [["11"], null],
  ]);
  const oldestFirst = await pagesOf({ search: "needle", sort: "sequence" });
  expect(oldestFirst.map(({ items, searchedTo }) => [items.length, searchedTo])).toEqual([
    [1, atOf(50_000)],
    [0, atOf(100_000)],
    [0, null],
  ]);
});

test("a page that is full ends where its last match is", async () => {
  const first = await listAudit(owner, { search: "keys.update", limit: 20 });
  expect([first.items.length, first.searchedTo]).toEqual([20, null]);
  const second = await listAudit(owner, { search: "keys.update", limit: 20, cursor: first.nextCursor ?? "" });
  expect(second.items[0]?.sequence).toBe(String(ENTRIES - 20));
});

test.each<[string, Parameters<typeof listAudit>[1]]>([
  ["search", { search: "no such entry" }],
  ["search, oldest first", { search: "no such entry", sort: "sequence" }],
  ["action", { action: "no.such" }],
  ["actor", { actorId: "0198c0de-0000-7000-8000-000000000000" }],
  ["time", { to: "2020-01-01T00:00:00Z" }],
])("a call with a %s without a match reads a bounded number of entries", async (_, input) => {
  expect(await rowsReadBy(setup, owner, () => listAudit(owner, input))).toBeLessThanOrEqual(PART);
});

test("entries of one subject are found by their index, however many others there are", async () => {
  const read = await rowsReadBy(setup, owner, () => listAudit(owner, { subject: "key needle" }));
  expect(read).toBeLessThanOrEqual(200);
});

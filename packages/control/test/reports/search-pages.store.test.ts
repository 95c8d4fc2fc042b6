import { uuidV7 } from "@tollgate/contracts/ids";
import { findRequests } from "@tollgate/control/reports/find-requests";
import type { RequestFilter } from "@tollgate/control/reports/request-filter";
import { listRequests } from "@tollgate/control/reports/requests";
import { type Tx, withTenant } from "@tollgate/db/with-tenant";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY = 86_400_000;

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

const eventsOf = (orgId: string, count: number, customer: string) =>
  Array.from({ length: count }, (_, n) =>
    usageEvent(orgId, setup.clock.now() - Math.floor((n * 4 * DAY) / count), { customer, tags: { n: String(n % 2) } }),
  );

test("pages cover every match exactly once over many partitions while others are ingested", async () => {
  const owner = await setup.organisation();
  const wanted = eventsOf(owner.orgId, 40, "wanted");
  await ledger.ingest([...wanted, ...eventsOf(owner.orgId, 40, "other")]);
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await listRequests(owner, { customer: "wanted", limit: 7, ...(cursor ? { cursor } : {}) });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    // Newer than the first page, and other requests at any time.
    await ledger.ingest([
      usageEvent(owner.orgId, setup.clock.now() + 1_000, { id: uuidV7(setup.clock.now() + 1_000), customer: "wanted" }),
      ...eventsOf(owner.orgId, 5, "other"),
    ]);
  }
  const ids = wanted.map(({ id }) => id).sort();
  expect(seen).toEqual(ids.toReversed());
});

test("a request id finds that request, without its time and without a walk", async () => {
  const owner = await setup.organisation();
  const [event] = eventsOf(owner.orgId, 1, "c");
  await ledger.ingest([event ?? usageEvent(owner.orgId, 0), ...eventsOf(owner.orgId, 5, "c")]);
  expect(await listRequests(owner, { text: event?.id ?? "" })).toMatchObject({
    items: [{ id: event?.id }],
    nextCursor: null,
    searchedBackTo: null,
  });
});

describe("the index for exact values", () => {
  const COUNT = 4_000;
  const RARE = 5;
  let owner: Awaited<ReturnType<TestSetup["organisation"]>>;
  const uuidOf = (last: number) => `00000000-0000-7000-8000-00000000000${last}`;

  beforeAll(async () => {
    owner = await setup.organisation();
    const [common, rare] = [usageEvent(owner.orgId, setup.clock.now()), usageEvent(owner.orgId, setup.clock.now() - 1)];
    await ledger.ingest([
      { ...common, keyId: uuidOf(1), memberId: uuidOf(1), model: "common", customer: "common", tags: { a: "common" } },
      {
        ...rare,
        keyId: uuidOf(2),
        memberId: uuidOf(2),
        model: "rare",
        customer: "rare",
        tags: { a: "rare" },
        status: 502,
      },
    ]);
    // The same rows many times, within one partition.
    const copies = (id: string, count: number) => `
      insert into usage_event select (json_populate_record(e, json_build_object('id',
        overlay(e.id::text placing lpad(to_hex(n), 12, '0') from 25)))).*
      from usage_event as e, generate_series(1, ${count}) as n where e.id = '${id}'`;
    await query(setup.database.ownerUrl, copies(common.id, COUNT), copies(rare.id, RARE - 1), "analyze usage_event");
  });

  const rowsRead = async (tx: Tx): Promise<number> => {
    const [read] = await tx.$queryRaw<{ rows: number }[]>`
      select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::integer as rows from pg_stat_xact_all_tables
      where relname like 'usage_event_%'`;
    return read?.rows ?? 0;
  };

  /** Searches as the page does; returns how many requests it found, and how many rows of the ledger it read. */
  const search = (filter: RequestFilter) =>
    withTenant(setup.services.db, owner.proof, async (tx) => {
      const before = await rowsRead(tx);
      const { ids } = await findRequests(tx, owner, { filter, wanted: 51 });
      return { found: ids.length, read: (await rowsRead(tx)) - before };
    });

  test.each<[string, RequestFilter]>([
    ["key", { keyId: uuidOf(2) }],
    ["member", { memberId: uuidOf(2) }],
    ["model", { model: "rare" }],
    ["customer", { customer: "rare" }],
    ["tag", { tag: { a: "rare" } }],
    ["status", { statusFrom: 500 }],
  ])("is used for a rare %s, for the tenant's role", async (_, filter) => {
    const { found, read } = await search(filter);
    expect(found).toBe(RARE);
    expect(read).toBeLessThan(COUNT / 10);
  });

  test("is used when nothing matches, and a frequent value needs no more rows than a page", async () => {
    for (const [customer, count] of Object.entries({ nobody: 0, common: 51 })) {
      const { found, read } = await search({ customer });
      expect(found).toBe(count);
      expect(read).toBeLessThan(COUNT / 10);
    }
  });
});

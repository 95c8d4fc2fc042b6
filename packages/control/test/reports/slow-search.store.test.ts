import { listRequests } from "@tollgate/control/reports/requests";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

test("a search that gets no rows in time says so instead of failing, and its cursor continues it", async () => {
  const asker = await setup.organisation();
  const owner = { ...asker, services: { ...asker.services, monotonicMs: () => performance.now() } };
  const event = usageEvent(owner.orgId, setup.clock.now() - 1_000, { customer: "needle" });
  await ledger.ingest([event]);
  const other = new pg.Client({ connectionString: setup.database.ownerUrl });
  await other.connect();
  await other.query("begin; lock table usage_event in access exclusive mode");
  const page = await listRequests(owner, { text: "needle" }).finally(() => other.end());
  expect(page).toEqual({
    items: [],
    searchedBackTo: new Date(setup.clock.now()).toISOString(),
    nextCursor: expect.any(String),
  });
  const next = await listRequests(owner, { text: "needle", cursor: page.nextCursor ?? "" });
  expect(next).toMatchObject({ items: [{ id: event.id }], nextCursor: null, searchedBackTo: null });
});

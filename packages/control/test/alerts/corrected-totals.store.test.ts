import { listAlerts } from "@tollgate/control/alerts/list";
import { createChannel } from "@tollgate/control/channels/create";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { runBookkeeping } from "@tollgate/control/ledger/run-bookkeeping";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

test("corrected roll-ups raise an alert, and correct ones do not", async () => {
  const owner = await setup.organisation();
  await createChannel(owner, { name: "Hook", kind: "webhook", url: "https://hooks.example.com/", events: ["books"] });
  await openLedger(setup.database).ingest([usageEvent(owner.orgId, setup.clock.now())]);
  const reconciled = async () => {
    const { id } = await reconcileUsage(owner, {});
    await Promise.all([runBookkeeping(pool, setup.clock.now()), runBookkeeping(pool, setup.clock.now())]);
    return id;
  };
  await reconciled();
  expect((await listAlerts(owner, {})).items).toEqual([]);
  await query(setup.database.ownerUrl, `update usage_minute set requests = 7 where org_id = '${owner.orgId}'`);
  const bookkeepingId = await reconciled();
  expect((await listAlerts(owner, {})).items).toMatchObject([
    {
      title: "Totals differed from the ledger",
      facts: { kind: "books", bookkeepingId, tables: ["usage_minute"] },
      deliveries: [{ channelName: "Hook", state: "waiting" }],
    },
  ]);
});

import { NIL_UUID, uuidV7 } from "@tollgate/contracts/ids";
import { listAlerts } from "@tollgate/control/alerts/list";
import { raise } from "@tollgate/control/alerts/raise";
import { createChannel } from "@tollgate/control/channels/create";
import { listChannels } from "@tollgate/control/channels/list";
import { updateChannel } from "@tollgate/control/channels/update";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
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
  await createChannel(owner, { name: "Hook", kind: "webhook", url: "https://hooks.example.com/", events: ["ledger"] });
  await openLedger(setup.database).ingest([usageEvent(owner.orgId, setup.clock.now())]);
  const reconciled = async () => {
    const { id } = await reconcileUsage(owner, {});
    await Promise.all([runMaintenance(pool, setup.clock.now()), runMaintenance(pool, setup.clock.now())]);
    return id;
  };
  await reconciled();
  expect((await listAlerts(owner, {})).items).toEqual([]);
  await query(setup.database.ownerUrl, `update usage_minute set requests = 7 where org_id = '${owner.orgId}'`);
  const maintenanceId = await reconciled();
  expect((await listAlerts(owner, {})).items).toMatchObject([
    {
      title: "Totals differed from the ledger",
      facts: { kind: "ledger", maintenanceId, tables: ["usage_minute"] },
      deliveries: [{ channelName: "Hook", state: "waiting" }],
    },
  ]);
});

test("channels and alerts with the former name of their kind are read, and the previous version can read new ones", async () => {
  const owner = await setup.organisation();
  const hook = { kind: "webhook", url: "https://hooks.example.com/" } as const;
  const { channel } = await createChannel(owner, { ...hook, name: "Former", events: ["books", "ledger"] });
  await createChannel(owner, { ...hook, name: "New", events: ["ledger"] });
  const { items } = await listChannels(owner, {});
  expect(items.map(({ events }) => events)).toEqual([["ledger"], ["ledger"]]);
  expect((await updateChannel(owner, { id: channel.id, events: ["books"] })).events).toEqual(["ledger"]);

  const [older, newer] = [uuidV7(setup.clock.now()), uuidV7(setup.clock.now())];
  const stored = JSON.stringify({ kind: "books", bookkeepingId: older, rows: 2, tables: ["usage_day"] });
  await query(
    setup.database.ownerUrl,
    `insert into alert (id, org_id, kind, limit_id, window_start, facts)
     values ('${older}', '${owner.orgId}', 'books', '${NIL_UUID}', now(), '${stored}')`,
  );
  expect((await listAlerts(owner, {})).items[0]?.facts).toEqual({
    kind: "ledger",
    maintenanceId: older,
    bookkeepingId: older,
    rows: 2,
    tables: ["usage_day"],
  });

  const facts = { kind: "ledger" as const, maintenanceId: newer, bookkeepingId: newer, rows: 1, tables: [] };
  await raise(pool, [{ orgId: owner.orgId, subject: newer, windowStart: new Date(setup.clock.now()), facts }]);
  expect(
    await query(
      setup.database.ownerUrl,
      `select a.kind, a.facts->>'kind' as facts, a.facts->>'bookkeepingId' as id, c.events from alert as a
       join alert_delivery as d on d.alert_id = a.id join channel as c on c.id = d.channel_id where a.subject = '${newer}'`,
    ),
  ).toEqual(Array(2).fill({ kind: "books", facts: "books", id: newer, events: ["books"] }));
});

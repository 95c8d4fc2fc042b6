import { listAlerts } from "@tollgate/control/alerts/list";
import { raiseStalePolicy } from "@tollgate/control/alerts/stale-policy";
import { createChannel } from "@tollgate/control/channels/create";
import { openPool, type Pool } from "@tollgate/db/pool";
import { freshId } from "@tollgate/testkit/fresh-id";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

test("an organisation whose policy proxies cannot read gets one alert, also if several report it repeatedly", async () => {
  const [owner, other] = [await setup.organisation(), await setup.organisation("Other")];
  await createChannel(owner, { name: "Ops", kind: "email", events: ["stale_policy"], addresses: ["ops@example.com"] });
  const sinceMs = Date.UTC(2026, 10, 27, 10, 20);
  const reports = (atMs: number) => [
    { orgId: owner.orgId, sinceMs: atMs },
    { orgId: freshId(), sinceMs: atMs },
  ];
  const raised = await Promise.all([
    raiseStalePolicy(pool, reports(sinceMs)),
    raiseStalePolicy(pool, reports(sinceMs + 999)),
  ]);
  expect(raised.toSorted()).toEqual([0, 1]);
  const [alert, ...more] = (await listAlerts(owner, {})).items;
  expect(more).toEqual([]);
  expect(alert).toMatchObject({
    title: "Changes do not reach a proxy",
    text: expect.stringContaining("2026-11-27 10:20 UTC"),
    deliveries: [{ channelName: "Ops" }],
  });
  expect((await listAlerts(other, {})).items).toEqual([]);
});

import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { listAlerts } from "@tollgate/control/alerts/list";
import { createChannel } from "@tollgate/control/channels/create";
import type { Context } from "@tollgate/control/context";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { getRequest } from "@tollgate/control/reports/request";
import { getSpend } from "@tollgate/control/reports/spend";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

/** The event for a call whose record is lost: it costs its hold of 0.3 dollars. */
const lost = (event: UsageEvent): UsageEvent => ({
  ...event,
  outcome: "interrupted",
  status: 502,
  costNano: event.heldNano,
  flags: ["interrupted", "spool_lost"],
});
const call = (orgId: string): UsageEvent => usageEvent(orgId, setup.clock.now() - 60_000);
const spent = async (owner: Context): Promise<string> =>
  (await getSpend(owner, { from: new Date(setup.clock.now() - 3_600_000).toISOString() })).total.costUsd;
const used = async (owner: Context) => (await listLimits(owner, {})).items.map((limit) => limit.spent);

describe("a call whose usage records are lost", () => {
  test("costs its hold, counts that on its limits, and raises an alert", async () => {
    const owner = await setup.organisation();
    await createChannel(owner, { name: "Hook", kind: "webhook", url: "https://hooks.example.com/" });
    await setLimit(owner, { scope: "organisation", unit: "usd", window: "total", amount: "10" });
    await ledger.ingest([lost(call(owner.orgId)), lost(call(owner.orgId))]);
    expect(await spent(owner)).toBe("0.6");
    expect(await used(owner)).toEqual(["0.6"]);
    expect((await listAlerts(owner, {})).items).toMatchObject([
      {
        facts: { kind: "spool_lost", requests: 2, heldUsd: "0.6" },
        deliveries: [{ channelName: "Hook", state: "waiting" }],
      },
    ]);
  });

  test("is corrected once by an adjustment when its records arrive", async () => {
    const owner = await setup.organisation();
    await setLimit(owner, { scope: "organisation", unit: "usd", window: "total", amount: "10" });
    const event = call(owner.orgId);
    await ledger.ingest([lost(event)]);
    await ledger.ingest([event, call(owner.orgId)]);
    await ledger.ingest([event]);
    await ledger.ingest([lost(event)]);
    expect(await spent(owner)).toBe("0.5");
    expect(await used(owner)).toEqual(["0.5"]);
    const { adjustments } = await getRequest(owner, { id: event.id });
    expect(adjustments).toMatchObject([{ costUsd: "-0.05", note: "The lost usage records were found." }]);
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("is not treated as lost if its records arrived first", async () => {
    const owner = await setup.organisation();
    const event = call(owner.orgId);
    await ledger.ingest([event]);
    await ledger.ingest([lost(event)]);
    expect(await spent(owner)).toBe("0.25");
    expect((await listAlerts(owner, {})).items).toEqual([]);
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("is corrected once by several workers", async () => {
    const owner = await setup.organisation();
    const events = Array.from({ length: 8 }, () => call(owner.orgId));
    await ledger.ingest(events.map(lost));
    await Promise.all(events.map((event) => ledger.ingest([event])));
    expect(await spent(owner)).toBe("2");
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });
});

import { ownMember } from "@tollgate/control/authorize";
import type { Context } from "@tollgate/control/context";
import { listMaintenance } from "@tollgate/control/ledger/list-maintenance";
import { rebuildUsage } from "@tollgate/control/ledger/rebuild";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { setLimit } from "@tollgate/control/limits/set";
import { getSpend } from "@tollgate/control/reports/spend";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;
const ROLL_UPS = [
  "usage_minute",
  "usage_hour",
  "usage_day",
  "usage_group",
  "usage_attribution_hour",
  "usage_attribution_day",
  "usage_latency",
];

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
});
afterAll(() => pool.end());

const look = (...statements: string[]) => query<Record<string, unknown>>(setup.database.ownerUrl, ...statements);
const broken = () => brokenInvariants(setup.database.ownerUrl);
const keep = () => runMaintenance(pool, setup.clock.now());
const rollUps = async () =>
  JSON.stringify(await Promise.all(ROLL_UPS.map((table) => look(`select * from ${table} as t order by t::text`))));

/** Events of three days, priced and not, with labels. */
const events = (owner: Context, count = 30) =>
  Array.from({ length: count }, (_, index) =>
    usageEvent(owner.orgId, setup.clock.now() - (index % 3) * DAY_MS - index * 61_000, {
      memberId: index % 2 ? ownMember(owner) : null,
      costNano: index % 5 ? String(1_000_003 * index) : null,
      pricing: index % 5 ? "priced" : "unpriced",
      model: `model-${index % 4}`,
      status: index % 7 ? 200 : 502,
      customer: index % 3 ? "acme" : null,
      tags: { env: "prod" },
    }),
  );

describe("roll-ups and counters", () => {
  test("are reconciled when a person asks for it, and the Spend page shows when", async () => {
    const owner = await setup.organisation();
    await ledger.ingest(events(owner));
    expect(await keep()).toEqual([]);
    expect(await getSpend(owner, {})).toMatchObject({ lastReconciledAt: null });
    await reconcileUsage(owner, {});
    expect(await keep()).toMatchObject([{ kind: "reconcile", orgId: owner.orgId, differences: [] }]);
    const { items } = await listMaintenance(owner, {});
    expect(await getSpend(owner, {})).toMatchObject({ lastReconciledAt: items[0]?.doneAt });
    expect(await keep()).toEqual([]);
  });

  test("that differ from their events are corrected, and the differences are recorded", async () => {
    const owner = await setup.organisation();
    await setLimit(owner, { scope: "organisation", unit: "usd", window: "month", amount: "5" });
    await ledger.ingest(events(owner));
    const before = await rollUps();
    await look(
      `update usage_hour set cost_nano = cost_nano + 1 where org_id = '${owner.orgId}'`,
      `delete from usage_attribution_hour where org_id = '${owner.orgId}'`,
      `update limit_counter set settled = settled - 1 where org_id = '${owner.orgId}'`,
    );
    expect(Object.keys(await broken())).not.toEqual([]);
    const asked = await reconcileUsage(owner, { from: new Date(setup.clock.now() - 3 * DAY_MS).toISOString() });
    await keep();
    const { items } = await listMaintenance(owner, {});
    const done = items.find(({ id }) => id === asked.id) ?? expect.unreachable();
    expect(done.doneAt).not.toBeNull();
    expect(new Set(done.differences.map(({ table }) => table))).toEqual(
      new Set(["usage_hour", "usage_attribution_hour", "limit_counter"]),
    );
    expect(await broken()).toEqual({});
    expect(await rollUps()).toBe(before);
    await reconcileUsage(owner, {});
    expect(await keep()).toMatchObject([{ differences: [] }]);
  });

  test("are rebuilt from the events with identical amounts", async () => {
    const owner = await setup.organisation();
    await ledger.ingest(events(owner));
    const before = await rollUps();
    await look(...ROLL_UPS.map((table) => `delete from ${table} where org_id = '${owner.orgId}'`));
    await rebuildUsage(owner, { from: new Date(setup.clock.now() - 4 * DAY_MS).toISOString() });
    await keep();
    expect(await rollUps()).toBe(before);
    expect(await broken()).toEqual({});
  });

  test("stay exact when usage is ingested during a rebuild", async () => {
    const owner = await setup.organisation();
    await ledger.ingest(events(owner));
    const batches = Array.from({ length: 12 }, () => events(owner, 20));
    const from = new Date(setup.clock.now() - 4 * DAY_MS).toISOString();
    const rebuilding = async () => {
      for (let round = 0; round < 4; round += 1) {
        await rebuildUsage(owner, { from });
        await keep();
      }
    };
    await Promise.all([rebuilding(), ...batches.map((batch) => ledger.ingest(batch))]);
    expect(await broken()).toEqual({});
    const [counted] = await look(`select sum(requests)::integer as n from usage_day where org_id = '${owner.orgId}'`);
    expect(counted).toEqual({ n: 30 + 12 * 20 });
  });

  test("of another organisation or of future days cannot be requested", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    await reconcileUsage(owner, {});
    expect(await listMaintenance(other, {})).toEqual({ items: [] });
    const tomorrow = new Date(setup.clock.now() + DAY_MS).toISOString();
    await expect(rebuildUsage(owner, { from: tomorrow })).rejects.toMatchObject({ code: "validation_failed" });
    const developer = await setup.member(owner, "developer");
    await expect(reconcileUsage(developer, {})).rejects.toMatchObject({ code: "forbidden" });
  });
});

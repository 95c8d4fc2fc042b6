import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { createKey } from "@tollgate/control/keys/create";
import { reconcileLimits } from "@tollgate/control/ledger/reconcile-limits";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { setLimit } from "@tollgate/control/limits/set";
import { setPrice } from "@tollgate/control/prices/set";
import { listRuns } from "@tollgate/control/reports/runs";
import { applyRetention } from "@tollgate/control/retention/apply";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;

let setup: TestSetup;
let ledger: Ledger;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

const at = (msAgo: number): number => setup.clock.now() - msAgo;
const call = ({ orgId }: Context, msAgo: number, said: Partial<UsageEvent> = {}): UsageEvent =>
  usageEvent(orgId, at(msAgo), { session: "run-1", ...said });
const iso = (msAgo: number): string => new Date(at(msAgo)).toISOString();
const LIMIT = { unit: "requests", window: "total", amount: "100" } as const;
const countersOf = ({ orgId }: Context) =>
  query(
    setup.database.ownerUrl,
    `select l.scope, c.subject, c.settled::text from limit_counter as c join usage_limit as l on l.id = c.limit_id
     where c.org_id = '${orgId}' order by l.scope::text, c.subject`,
  );
const runsOf = async (owner: Context) => (await listRuns(owner, {})).items;

test("a run sums its calls, in whatever order and batches they arrive, and each once", async () => {
  const owner = await setup.organisation();
  const { key } = await createKey(owner, { name: "agent" });
  const failed: Partial<UsageEvent> = { status: 502, error: "upstream_error", outcome: "failed", costNano: "0" };
  const first = call(owner, 9_000, {
    keyId: key.id,
    endUser: "user-1",
    status: 402,
    outcome: "refused",
    costNano: "0",
  });
  const last = call(owner, 1_000, { ...failed, model: "large" });
  const between = [call(owner, 5_000), call(owner, 4_000, { costNano: null, pricing: "unpriced" })];
  await ledger.ingest([
    last,
    ...between,
    call(owner, 3_000, { session: "run-2" }),
    call(owner, 2_000, { session: null }),
  ]);
  await ledger.ingest([first, ...between]);
  await ledger.ingest([last]);
  expect(await runsOf(owner)).toEqual([
    {
      session: "run-1",
      firstAt: iso(9_000),
      lastAt: iso(1_000),
      keyId: key.id,
      keyName: "agent",
      memberId: null,
      memberName: null,
      endUser: "user-1",
      model: "large",
      status: 502,
      error: "upstream_error",
      requests: 4,
      errors: 2,
      unpriced: 1,
      inputTokens: 400,
      outputTokens: 80,
      costUsd: "0.25",
    },
    expect.objectContaining({ session: "run-2", requests: 1, costUsd: "0.25" }),
  ]);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a new price corrects the runs of its calls", async () => {
  const owner = await setup.organisation();
  const unpriced: Partial<UsageEvent> = {
    upstreamModel: "mine",
    costNano: null,
    pricing: "unpriced",
    priceVersion: null,
  };
  await ledger.ingest([call(owner, 2_000, unpriced), call(owner, 1_500, unpriced), call(owner, 1_400)]);
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "mine",
    inputPerMillionUsd: "1",
    outputPerMillionUsd: "2",
    from: iso(DAY_MS),
  });
  await rerateUsage(owner, { from: iso(DAY_MS) });
  await ledger.runMaintenance(setup.clock.now());
  expect(await runsOf(owner)).toMatchObject([{ requests: 3, unpriced: 0, costUsd: "0.25028" }]);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a run is deleted thirty days after its last call, and a later call with its id begins a new one", async () => {
  const owner = await setup.organisation();
  await ledger.ingest([call(owner, 50 * DAY_MS), call(owner, 31 * DAY_MS)]);
  await ledger.ingest([call(owner, 50 * DAY_MS, { session: "long" }), call(owner, 29 * DAY_MS, { session: "long" })]);
  for (const scope of ["run", "organisation"] as const) await setLimit(owner, { ...LIMIT, scope });
  await applyRetention(pool, setup.clock.now(), 400);
  expect(await countersOf(owner)).toEqual([
    { scope: "organisation", subject: "", settled: "4" },
    { scope: "run", subject: "long", settled: "2" },
  ]);
  expect(await runsOf(owner)).toMatchObject([{ session: "long", requests: 2 }]);
  await ledger.ingest([call(owner, 1_000)]);
  expect(await countersOf(owner)).toContainEqual({ scope: "run", subject: "run-1", settled: "1" });
  expect(await reconcileLimits(pool, owner.orgId, setup.clock.now())).toEqual([]);
  expect(await runsOf(owner)).toMatchObject([{ session: "run-1", requests: 1, firstAt: iso(1_000) }, {}]);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a developer sees the runs that their own keys began", async () => {
  const owner = await setup.organisation();
  const developer = await setup.member(owner, "developer");
  const memberId = developer.actor.kind === "system" ? null : developer.actor.memberId;
  await ledger.ingest([call(owner, 2_000, { memberId }), call(owner, 1_000, { session: "run-2" })]);
  expect(await runsOf(developer)).toMatchObject([{ session: "run-1" }]);
  expect(await runsOf(await setup.organisation())).toEqual([]);
});

import type { Attempt, UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { deleteCredential } from "@tollgate/control/credentials/delete";
import { reconcileLimits } from "@tollgate/control/ledger/reconcile-limits";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { deleteLimit } from "@tollgate/control/limits/delete";
import { fillLimits } from "@tollgate/control/limits/fill-limits";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { setPrice } from "@tollgate/control/prices/set";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const [A, B] = ["0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"];
const UNITS = ["usd", "requests", "tokens"] as const;

let setup: TestSetup;
let ledger: Ledger;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

const attempt = (given: Partial<Attempt>): Attempt => ({
  targetId: "t",
  provider: "openai",
  upstreamModel: "mine",
  status: 200,
  error: null,
  message: null,
  startedMs: 0,
  durationMs: 1,
  use: { input: 100, output: 20 },
  costNano: "250000000",
  ...given,
});

const call = ({ orgId }: Context, msAgo: number, said: Partial<UsageEvent>): UsageEvent =>
  usageEvent(orgId, setup.clock.now() - msAgo, { upstreamModel: "mine", credentialId: A, ...said });

/** Calls of every kind: one attempt, fallbacks, unsent and skipped ones, unknown prices, lost records, refusals. */
function calls(owner: Context): UsageEvent[] {
  const failed = { status: 503, error: "upstream_error", use: null, costNano: "0" };
  const unknown = { costNano: null, pricing: "unpriced", priceVersion: null } as const;
  return [
    call(owner, 9_000, { attempts: [attempt({})] }),
    call(owner, 8_000, {
      credentialId: B,
      attempts: [attempt({ ...failed, credentialId: A }), attempt({ credentialId: B })],
    }),
    call(owner, 7_000, {
      attempts: [
        attempt({ ...failed, credentialId: B, unsent: true }),
        attempt({ credentialId: A, countedNano: "300000000" }),
      ],
      countedNano: "300000000",
    }),
    call(owner, 6_000, { ...unknown, heldNano: "900", attempts: [attempt({ costNano: null })] }),
    call(owner, 5_000, {
      ...unknown,
      heldNano: "900",
      attempts: [attempt({ credentialId: B, costNano: "100000" }), attempt({ credentialId: A, costNano: null })],
    }),
    call(owner, 4_000, { attempts: [], outcome: "interrupted", costNano: "70", heldNano: "70" }),
    call(owner, 3_000, {
      outcome: "refused",
      credentialId: null,
      costNano: "0",
      use: { input: 0, output: 0 },
      attempts: [attempt({ ...failed, credentialId: A, error: "limit", unsent: true })],
    }),
    call(owner, 2_000, { attempts: [attempt({ ...failed })], credentialId: null, outcome: "failed", costNano: "0" }),
  ];
}

/** On each credential. */
const setAll = async (owner: Context) => {
  for (const unit of UNITS) await setLimit(owner, { scope: "credential", unit, window: "total", amount: "1000" });
};
const countersOf = ({ orgId }: Context) =>
  query(
    setup.database.ownerUrl,
    `select l.unit, c.subject, c.settled::text, c.unpriced::integer from limit_counter as c join usage_limit as l on l.id = c.limit_id
     where c.org_id = '${orgId}' and (c.settled <> 0 or c.unpriced <> 0) order by 1, 2`,
  );

test("a credential's counters have each attempt, whether the limit was set before or after, and agree with the ledger", async () => {
  const [early, late] = [await setup.organisation(), await setup.organisation()];
  await setAll(early);
  await ledger.ingest(calls(early));
  await ledger.ingest(calls(late));
  await setAll(late);
  await fillLimits(pool, setup.clock.now());
  const counters = await countersOf(early);
  expect(counters).toEqual([
    { unit: "usd", subject: A, settled: "550000070", unpriced: 2 },
    { unit: "usd", subject: B, settled: "250100000", unpriced: 0 },
    { unit: "requests", subject: A, settled: "6", unpriced: 0 },
    { unit: "requests", subject: B, settled: "2", unpriced: 0 },
    { unit: "tokens", subject: A, settled: "600", unpriced: 0 },
    { unit: "tokens", subject: B, settled: "240", unpriced: 0 },
  ]);
  expect(await countersOf(late)).toEqual(counters);
  for (const { orgId } of [early, late]) expect(await reconcileLimits(pool, orgId, setup.clock.now())).toEqual([]);
});

test("a new price counts at the credential that answered", async () => {
  const owner = await setup.organisation();
  await setAll(owner);
  await ledger.ingest(calls(owner));
  const from = new Date(setup.clock.now() - 86_400_000).toISOString();
  const price = { provider: "openai", upstreamModel: "mine", inputPerMillionUsd: "1", outputPerMillionUsd: "2" };
  await setPrice(owner, { ...price, from });
  await rerateUsage(owner, { from });
  await ledger.runMaintenance(setup.clock.now());
  const counters = await countersOf(owner);
  expect(counters.filter(({ unit }) => unit === "usd")).toEqual([
    { unit: "usd", subject: A, settled: "50600070", unpriced: 0 },
    { unit: "usd", subject: B, settled: "240000", unpriced: 0 },
  ]);
  expect(await reconcileLimits(pool, owner.orgId, setup.clock.now())).toEqual([]);
  expect(await countersOf(owner)).toEqual(counters);
});

test("a limit names its credential, which cannot be deleted as long as the limit exists", async () => {
  const owner = await setup.organisation();
  const made = await createCredential(owner, { name: "Main", provider: "openai", secret: "sk-canary-1-0123456789" });
  const limit = { scope: "credential", unit: "usd", window: "month", amount: "5" } as const;
  expect(await refusal(setLimit(owner, { ...limit, subject: A }))).toMatchObject({ fields: ["subject"] });
  const { id } = await setLimit(owner, { ...limit, subject: made.id });
  expect((await listLimits(owner, { search: "main" })).items).toMatchObject([{ id, subjectName: "Main" }]);
  expect(await refusal(deleteCredential(owner, { id: made.id }))).toMatchObject({ code: "conflict" });
  await deleteLimit(owner, { id });
  await deleteCredential(owner, { id: made.id });
});

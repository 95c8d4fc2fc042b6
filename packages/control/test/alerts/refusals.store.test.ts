import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { findCrossings } from "@tollgate/control/alerts/find-crossings";
import { listAlerts } from "@tollgate/control/alerts/list";
import { createChannel } from "@tollgate/control/channels/create";
import type { Context } from "@tollgate/control/context";
import { createKey } from "@tollgate/control/keys/create";
import { changeLimit } from "@tollgate/control/limits/change";
import { deleteLimit } from "@tollgate/control/limits/delete";
import type { SetLimit } from "@tollgate/control/limits/schemas";
import { setLimit } from "@tollgate/control/limits/set";
import { openPool, type Pool } from "@tollgate/db/pool";
import { freshId } from "@tollgate/testkit/fresh-id";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

let setup: TestSetup;
let ledger: Ledger;
let pool: Pool;
let noon: number;
let midnight: number;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  pool = openPool({ connectionString: setup.database.ingestUrl });
  noon = setup.clock.now();
  midnight = Math.floor(noon / DAY_MS) * DAY_MS;
});
afterAll(() => pool.end());

const daily: z.input<typeof SetLimit> = {
  scope: "organisation",
  unit: "usd",
  window: "day",
  amount: "0.9",
  thresholds: [100],
};
const iso = (atMs: number): string => new Date(atMs).toISOString();

/** Calls of a quarter of a dollar each. */
const served = ({ orgId }: Context, count: number, fields: Partial<UsageEvent> = {}) =>
  Array.from({ length: count }, () => usageEvent(orgId, noon, fields));

const refused = ({ orgId }: Context, limitId: string, atMs = noon, subject = "", fields: Partial<UsageEvent> = {}) =>
  usageEvent(orgId, atMs, {
    outcome: "refused",
    status: 402,
    error: "budget_exceeded",
    costNano: "0",
    heldNano: null,
    refusedBy: { limitId, subject },
    ...fields,
  });

const alerts = async (owner: Context) => (await listAlerts(owner, {})).items;

test("a limit that refuses a call raises an alert, although its amount is not fully used", async () => {
  const owner = await setup.organisation();
  await createChannel(owner, { name: "Hook", kind: "webhook", url: "https://hook.example.com/" });
  const { id } = await setLimit(owner, { ...daily, thresholds: [80, 100] });
  // Later refusals arrive first, because each process sends its own.
  await ledger.ingest([...served(owner, 3), refused(owner, id, noon + 9 * SECOND_MS), refused(owner, id, noon)]);
  const [blocking, ...others] = (await alerts(owner)).toSorted((a, b) => a.title.localeCompare(b.title)).toReversed();
  expect(blocking).toMatchObject({
    title: "The limit on the organisation refuses calls",
    text: expect.stringMatching(/^Used: \$0\.75 of \$0\.90 per day\. Calls .* refused since .* UTC, until .* UTC\.$/),
    facts: {
      limitId: id,
      threshold: 100,
      spent: "0.75",
      amount: "0.9",
      windowStart: iso(midnight),
      refusedAt: iso(noon),
    },
    deliveries: [{ channelName: "Hook", state: "waiting" }],
  });
  expect(others).toMatchObject([{ facts: { threshold: 80, refusedAt: null } }]);
});

test("there is one alert in a window, whether the amount is reached before or after", async () => {
  const [first, second] = [await setup.organisation(), await setup.organisation()];
  const { id } = await setLimit(first, daily);
  for (const atMs of [noon, noon + SECOND_MS]) await ledger.ingest([refused(first, id, atMs)]);
  await ledger.ingest(served(first, 4));
  await findCrossings(pool, noon);
  expect(await alerts(first)).toMatchObject([{ facts: { spent: "0", refusedAt: iso(noon) } }]);
  await ledger.ingest([refused(first, id, noon + DAY_MS)]);
  expect(await alerts(first)).toMatchObject([{ facts: { windowStart: iso(midnight + DAY_MS) } }, {}]);

  const { id: reached } = await setLimit(second, { ...daily, amount: "1" });
  await ledger.ingest([...served(second, 4), refused(second, reached)]);
  expect(await alerts(second)).toMatchObject([{ title: "100 % of the limit on the organisation is used" }]);
});

test("the alert of a limit on each key names the refused key", async () => {
  const owner = await setup.organisation();
  const keys = [await createKey(owner, { name: "ci" }), await createKey(owner, { name: "laptop" })];
  const { id } = await setLimit(owner, { ...daily, scope: "key" });
  const [ci = "", laptop = ""] = keys.map(({ key }) => key.id);
  await ledger.ingest([
    ...served(owner, 3, { keyId: laptop }),
    ...served(owner, 1, { keyId: ci }),
    refused(owner, id, noon, laptop, { keyId: laptop }),
  ]);
  expect(await alerts(owner)).toMatchObject([
    { title: "The limit on key laptop refuses calls", facts: { subject: laptop, spent: "0.75" } },
  ]);
});

test("a limit without a 100 % threshold, in another mode, deleted or of another organisation raises no alert", async () => {
  const [owner, other] = [await setup.organisation(), await setup.organisation()];
  const quiet = await setLimit(owner, { ...daily, thresholds: [80] });
  const eased = await setLimit(owner, daily);
  await changeLimit(owner, { id: eased.id, mode: "shadow" });
  const gone = await setLimit(owner, daily);
  await deleteLimit(owner, { id: gone.id });
  const theirs = await setLimit(other, daily);
  const full = await setLimit(owner, { scope: "organisation", unit: "concurrent", window: "total", amount: "1" });
  const limits = [quiet.id, eased.id, gone.id, theirs.id, full.id, freshId()];
  await ledger.ingest(limits.map((id) => refused(owner, id)));
  await ledger.ingest([refused(owner, quiet.id, noon, "not a subject"), refused(other, theirs.id, noon, "nor this")]);
  expect([await alerts(owner), await alerts(other)]).toEqual([[], []]);
});

test("a refusal that is delivered again raises no second alert, and counts on no limit", async () => {
  const owner = await setup.organisation();
  const { id } = await setLimit(owner, { ...daily, unit: "requests", amount: "3" });
  const event = refused(owner, id);
  await ledger.ingest([event, ...served(owner, 2)]);
  await ledger.ingest([event]);
  expect(await alerts(owner)).toMatchObject([{ facts: { spent: "2", amount: "3" } }]);
});

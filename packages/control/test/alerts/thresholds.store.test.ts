import { findCrossings } from "@tollgate/control/alerts/find-crossings";
import { listAlerts } from "@tollgate/control/alerts/list";
import { createChannel } from "@tollgate/control/channels/create";
import type { Context } from "@tollgate/control/context";
import { createKey } from "@tollgate/control/keys/create";
import { changeLimit } from "@tollgate/control/limits/change";
import { increaseLimit } from "@tollgate/control/limits/increase";
import type { SetLimit } from "@tollgate/control/limits/schemas";
import { setLimit } from "@tollgate/control/limits/set";
import { openPool, type Pool } from "@tollgate/db/pool";
import { freshId } from "@tollgate/testkit/fresh-id";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { countingPool } from "../counting-pool.ts";
import { ingestProven, openLedger, usageEvent } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl, max: 8 });
  ledger = openLedger(setup.database);
});
afterAll(() => pool.end());

const daily: z.input<typeof SetLimit> = {
  scope: "organisation",
  unit: "usd",
  window: "day",
  amount: "1",
  thresholds: [50, 100],
};

/** Calls of a quarter of a dollar each. */
const calls = (
  owner: Context,
  count: number,
  fields: Parameters<typeof usageEvent>[2] = {},
  atMs = setup.clock.now(),
) => Array.from({ length: count }, () => usageEvent(owner.orgId, atMs, fields));

const hook = (owner: Context, name = "Hook") =>
  createChannel(owner, { name, kind: "webhook", url: `https://${name.toLowerCase()}.example.com/` });

const alertsOf = async (owner: Context) =>
  (await listAlerts(owner, {})).items.map(({ facts, deliveries }) => ({
    ...(facts.kind === "threshold" ? { at: facts.threshold, spent: facts.spent, amount: facts.amount } : {}),
    to: deliveries.map(({ channelName, state }) => `${channelName} ${state}`),
  }));

describe("a threshold", () => {
  test("alerts all channels that subscribe to it when the calls that cross it are counted", async () => {
    const owner = await setup.organisation();
    await hook(owner);
    await createChannel(owner, { name: "Mail", kind: "email", addresses: ["ops@example.com"], events: ["anomaly"] });
    await setLimit(owner, daily);
    await ledger.ingest(calls(owner, 1));
    expect(await alertsOf(owner)).toEqual([]);
    await ledger.ingest(calls(owner, 1));
    expect(await alertsOf(owner)).toEqual([{ at: 50, spent: "0.5", amount: "1", to: ["Hook waiting"] }]);
    await ledger.ingest(calls(owner, 2));
    expect(await alertsOf(owner)).toMatchObject([{ at: 100, spent: "1" }, { at: 50 }]);
  });

  test("alerts once in its window, in any order of calls and any number of checks", async () => {
    const owner = await setup.organisation();
    await hook(owner);
    await setLimit(owner, daily);
    const spoolId = freshId();
    const batches = calls(owner, 24).map((event, place) => ({
      spoolId,
      from: String(place),
      to: String(place + 1),
      events: [JSON.stringify(event)],
    }));
    const look = () => findCrossings(pool, setup.clock.now());
    await Promise.all([...batches, ...batches].flatMap((batch) => [ingestProven(pool, batch), look()]));
    await Promise.all([look(), look(), look()]);
    expect((await alertsOf(owner)).toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))).toMatchObject([
      { at: 50, to: ["Hook waiting"] },
      { at: 100, to: ["Hook waiting"] },
    ]);
  });

  test("alerts again in the next window", async () => {
    const owner = await setup.organisation();
    await setLimit(owner, daily);
    await ledger.ingest(calls(owner, 3));
    await ledger.ingest(calls(owner, 3, {}, setup.clock.now() - DAY_MS));
    expect(await alertsOf(owner)).toMatchObject([{ at: 50 }, { at: 50 }]);
  });

  test("of a limit on each key alerts for each key, by name", async () => {
    const owner = await setup.organisation();
    const keys = [await createKey(owner, { name: "ci" }), await createKey(owner, { name: "laptop" })];
    await setLimit(owner, { ...daily, scope: "key" });
    for (const { key } of keys) await ledger.ingest(calls(owner, 2, { keyId: key.id }));
    const { items } = await listAlerts(owner, {});
    expect(items.map(({ title }) => title).toSorted()).toEqual([
      "50 % of the limit on key ci is used",
      "50 % of the limit on key laptop is used",
    ]);
  });

  test("that a change of the limit reaches is found by the next check", async () => {
    const owner = await setup.organisation();
    await ledger.ingest(calls(owner, 3));
    const limit = await setLimit(owner, { ...daily, amount: "100" });
    const look = () => findCrossings(pool, setup.clock.now());
    expect(await look()).toBe(0);
    await changeLimit(owner, { id: limit.id, amount: "1" });
    expect(await look()).toBe(1);
    expect(await look()).toBe(0);
    await changeLimit(owner, { id: limit.id, thresholds: [60, 75, 76] });
    expect(await look()).toBe(2);
    // Alerts of one check are raised at the same time, in no order.
    expect((await alertsOf(owner)).map(({ at }) => at).toSorted()).toEqual([50, 60, 75]);
  });

  test("is searched only in organisations whose limits or counters changed since the last check", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    const counting = countingPool(setup.database);
    const look = async () => ({ raised: await findCrossings(counting.pool, setup.clock.now()), ...counting.read() });
    for (const each of [owner, other])
      for (let n = 0; n < 20; n += 1) await setLimit(each, { ...daily, amount: "100" });
    await ledger.ingest(calls(owner, 3));
    // An open transaction, here also of another test's database, keeps changes in view of the looks that follow.
    const lookUntilIdle = async () => {
      const rows: number[] = [];
      const idle = await waitFor(async () => {
        const seen = await look();
        rows.push(seen.rows);
        return seen.statements === 6 ? seen : undefined;
      });
      return { idle, rowsMax: Math.max(...rows) };
    };
    const { idle } = await lookUntilIdle();
    expect(idle).toMatchObject({ raised: 0 });
    await setLimit(owner, daily);
    expect(await look()).toMatchObject({ raised: 1 });
    // A call that was being counted during the first look counted with the limits from before it.
    const again = await lookUntilIdle();
    expect(again.rowsMax).toBeLessThan(idle.rows + 25);
    expect(again.idle).toEqual(idle);
  });

  test("that is reached because an increase ended is found by the next check", async () => {
    const owner = await setup.organisation();
    // Ingest uses the database's clock.
    const nowMs = Date.now();
    const limit = await setLimit(owner, { ...daily, window: "total", thresholds: [80] });
    const until = new Date(nowMs + 600_000).toISOString();
    await increaseLimit(owner, { id: limit.id, amount: "1", until, reason: "launch" });
    await ledger.ingest(calls(owner, 4));
    for (let n = 0; n < 3; n += 1) await findCrossings(pool, nowMs);
    expect(await alertsOf(owner)).toEqual([]);
    await findCrossings(pool, nowMs + 660_000);
    expect(await alertsOf(owner)).toMatchObject([{ at: 80, amount: "1" }]);
  });

  test("is a percentage of the amount with its temporary increases", async () => {
    const owner = await setup.organisation();
    const limit = await setLimit(owner, daily);
    const until = new Date(Date.now() + DAY_MS).toISOString();
    await increaseLimit(owner, { id: limit.id, amount: "1", until, reason: "launch" });
    await ledger.ingest(calls(owner, 3));
    expect(await alertsOf(owner)).toEqual([]);
    await ledger.ingest(calls(owner, 1));
    expect(await alertsOf(owner)).toMatchObject([{ at: 50, spent: "1", amount: "2" }]);
  });

  test("in shadow mode is recorded but not sent; a limit in warn mode always alerts at 100 %", async () => {
    const owner = await setup.organisation();
    await hook(owner);
    await setLimit(owner, { ...daily, mode: "shadow", thresholds: [50] });
    await setLimit(owner, { ...daily, mode: "warn", thresholds: [] });
    await ledger.ingest(calls(owner, 4));
    expect(await alertsOf(owner)).toEqual(
      expect.arrayContaining([
        { at: 50, spent: "1", amount: "1", to: [] },
        { at: 100, spent: "1", amount: "1", to: ["Hook waiting"] },
      ]),
    );
    expect(await alertsOf(owner)).toHaveLength(2);
  });

  test("cannot be set for calls at once, which the ledger does not count", async () => {
    const owner = await setup.organisation();
    const atOnce = { scope: "organisation", unit: "concurrent", window: "total", amount: "5" } as const;
    expect(await refusal(setLimit(owner, { ...atOnce, thresholds: [80] }))).toMatchObject({ fields: ["thresholds"] });
    const { id } = await setLimit(owner, atOnce);
    expect(await refusal(changeLimit(owner, { id, thresholds: [80] }))).toMatchObject({ fields: ["thresholds"] });
  });

  test("is not sent to another organisation", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation("Other")];
    await hook(owner, "Ours");
    await hook(other, "Theirs");
    await setLimit(owner, daily);
    await setLimit(other, { ...daily, thresholds: [99] });
    await ledger.ingest([...calls(owner, 2), ...calls(other, 3)]);
    await findCrossings(pool, setup.clock.now());
    expect(await alertsOf(owner)).toMatchObject([{ at: 50, to: ["Ours waiting"] }]);
    expect(await alertsOf(other)).toEqual([]);
  });
});

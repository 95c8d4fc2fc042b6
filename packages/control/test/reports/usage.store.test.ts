import { parseUsd, usdString } from "@tollgate/contracts/money";
import { createKey } from "@tollgate/control/keys/create";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { setLimit } from "@tollgate/control/limits/set";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { getOverview } from "@tollgate/control/reports/overview";
import { getSpend } from "@tollgate/control/reports/spend";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { busy } from "./busy.ts";

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const iso = (ms: number): string => new Date(ms).toISOString();
const nano = (usd: string): bigint => parseUsd(usd) ?? 0n;
const sum = (rows: readonly { costUsd: string }[]): string =>
  usdString(rows.reduce((total, { costUsd }) => total + nano(costUsd), 0n));

describe("spend", () => {
  test.each(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"])(
    "in %s, table and chart add up to the total for all slots and groups",
    async (timeZone) => {
      const { owner } = await busy(setup, ledger, 300, 5);
      await updateOrganisation(owner, { timeZone });
      const [from, to] = [iso(setup.clock.now() - 4 * DAY - 17 * MINUTE), iso(setup.clock.now() + MINUTE)];
      const whole = await getSpend(owner, { from, to, groupBy: "none" });
      expect(whole.total.requests).toBeGreaterThan(200);
      for (const groupBy of ["model", "key", "team", "member", "provider", "none"] as const)
        for (const interval of ["hour", "day"] as const) {
          const spend = await getSpend(owner, { from, to, groupBy, interval });
          expect(spend.total).toEqual(whole.total);
          expect(sum(spend.series)).toBe(whole.total.costUsd);
          expect(sum(spend.rows)).toBe(whole.total.costUsd);
          for (const row of spend.rows)
            expect(sum(spend.series.filter(({ groupId }) => groupId === row.groupId))).toBe(row.costUsd);
          expect(new Set(spend.slots).isSupersetOf(new Set(spend.series.map(({ slot }) => slot)))).toBe(true);
        }
    },
  );

  test("counts by the organisation's days, by default for this month until now", async () => {
    const owner = await setup.organisation();
    await updateOrganisation(owner, { timeZone: "Asia/Kathmandu" });
    const midnight = Math.floor((setup.clock.now() + 5.75 * HOUR) / DAY) * DAY - 5.75 * HOUR;
    await ledger.ingest([usageEvent(owner.orgId, midnight - 1), usageEvent(owner.orgId, midnight)]);
    const { series } = await getSpend(owner, { from: iso(midnight - DAY), interval: "day" });
    expect(series.map(({ slot, requests }) => [slot, requests])).toEqual([
      [iso(midnight - DAY), 1],
      [iso(midnight), 1],
    ]);
    const month = await getSpend(owner, {});
    expect(new Date(Date.parse(month.from) + 5.75 * HOUR).toISOString()).toMatch(/-01T00:00:00.000Z$/);
  });

  test("of the day on which the clock goes back has 25 hours", async () => {
    const change = Temporal.Instant.fromEpochMilliseconds(setup.clock.now())
      .toZonedDateTimeISO("Europe/Berlin")
      .getTimeZoneTransition("previous");
    const day = change?.startOfDay() ?? expect.unreachable();
    const hours = day.hoursInDay;
    expect([23, 25]).toContain(hours);
    const owner = await setup.organisation();
    await updateOrganisation(owner, { timeZone: "Europe/Berlin" });
    const start = day.epochMilliseconds;
    const events = [start - 1, start, start + hours * HOUR - 1, start + hours * HOUR];
    await ledger.ingest(events.map((ms) => usageEvent(owner.orgId, ms)));
    const range = { from: iso(start - DAY), to: iso(start + hours * HOUR + DAY), interval: "day" as const };
    const { series } = await getSpend(owner, range);
    expect(series.map(({ requests }) => requests)).toEqual([1, 2, 1]);
  });

  test("is compared with the previous period, and can be filtered", async () => {
    const owner = await setup.organisation();
    const at = setup.clock.now();
    await ledger.ingest([
      usageEvent(owner.orgId, at),
      usageEvent(owner.orgId, at, { model: "large", costNano: "1000000000" }),
      usageEvent(owner.orgId, at - DAY, { costNano: "1" }),
    ]);
    const range = { from: iso(at - DAY / 2), to: iso(at + DAY / 2) };
    const spend = await getSpend(owner, range);
    expect(spend).toMatchObject({ total: { costUsd: "1.25", requests: 2 }, previousTotal: { costUsd: "0.000000001" } });
    expect(spend.rows.map(({ label, costUsd }) => [label, costUsd])).toEqual([
      ["large", "1"],
      ["small", "0.25"],
    ]);
    expect(await getSpend(owner, { ...range, model: "large" })).toMatchObject({ total: { costUsd: "1" } });
    expect(await getSpend(owner, { ...range, model: "" })).toMatchObject({ total: { costUsd: "0" } });
  });

  test("shows revoked keys as such, and usage without a team", async () => {
    const { owner, keyId } = await busy(setup, ledger, 10, 1);
    await revokeKey(owner, { id: keyId });
    const range = { from: iso(setup.clock.now() - 2 * DAY) };
    expect((await getSpend(owner, { ...range, groupBy: "key" })).rows.map(({ label }) => label)).toEqual(["ci"]);
    const teams = await getSpend(owner, { ...range, groupBy: "team" });
    expect(teams.rows.map(({ label }) => label).sort()).toEqual(["No team", "Research"]);
  });

  test("shows a developer their own, and finance all", async () => {
    const owner = await setup.organisation();
    const [developer, finance] = [await setup.member(owner, "developer"), await setup.member(owner, "finance")];
    const { key } = await createKey(developer, { name: "laptop" });
    const at = setup.clock.now();
    await ledger.ingest([
      usageEvent(owner.orgId, at),
      usageEvent(owner.orgId, at, { keyId: key.id, memberId: key.memberId }),
    ]);
    expect((await getSpend(developer, {})).total.requests).toBe(1);
    expect((await getSpend(developer, { memberId: owner.orgId })).total.requests).toBe(1);
    expect((await getSpend(finance, {})).total.requests).toBe(2);
  });

  test("of an invalid range is refused on its field", async () => {
    const owner = await setup.organisation();
    const refused = async (input: object) => (await refusal(getSpend(owner, input))).fields;
    expect(await refused({ from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z" })).toEqual(["from"]);
    expect(await refused({ from: "2016-03-01T00:00:00Z" })).toEqual(["from"]);
    expect(await refused({ from: "2026-02-31T00:00:00Z" })).toEqual(["from"]);
    expect(await refused({ from: iso(setup.clock.now() - 300 * DAY), interval: "minute" })).toEqual(["interval"]);
  });
});

describe("the overview", () => {
  test("has current and previous totals, all slots, top lists, percentiles and the most used limits", async () => {
    const { owner } = await busy(setup, ledger, 200, 2);
    await setLimit(owner, { scope: "organisation", unit: "requests", window: "month", amount: "100000" });
    await setLimit(owner, { scope: "organisation", unit: "usd", window: "month", amount: "1" });
    const overview = await getOverview(owner, { hours: 24 });
    expect(overview).toMatchObject({ interval: "hour", timeZone: "UTC", topKeys: [{ label: "ci" }] });
    expect(overview.series).toHaveLength(24);
    expect(sum(overview.series)).toBe(overview.current.costUsd);
    expect(overview.series.reduce((total, { requests }) => total + requests, 0)).toBe(overview.current.requests);
    expect(overview.current.requests + overview.previous.requests).toBeGreaterThan(190);
    expect(overview.topModels.map(({ label }) => label).sort()).toEqual(["model-0", "model-1", "model-2"]);
    for (const ms of [overview.current.p50Ms, overview.current.p95Ms]) {
      expect(ms).toBeGreaterThan(120 / 2 ** 0.25);
      expect(ms).toBeLessThan(120 * 2 ** 0.25);
    }
    expect(overview.limits.map(({ unit }) => unit)).toEqual(["usd", "requests"]);
  });

  test("of an organisation without calls has zeros and no percentiles", async () => {
    const owner = await setup.organisation();
    const { current, topModels } = await getOverview(owner, { hours: "6" });
    expect(current).toEqual({
      requests: 0,
      errors: 0,
      costUsd: "0",
      unpriced: 0,
      tokens: 0,
      cacheHits: 0,
      p50Ms: null,
      p95Ms: null,
      firstTokenP50Ms: null,
    });
    expect(topModels).toEqual([]);
  });
});

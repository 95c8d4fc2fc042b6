import { updateOrganisation } from "@tollgate/control/organisation/update";
import { getSpend } from "@tollgate/control/reports/spend";
import { createTeam } from "@tollgate/control/teams/create";
import { beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const MODELS = ["small", "large", "tiny"];
const STATUSES = [200, 200, 200, 404, 499, 502];

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

// Queries of one dimension read the roll-up of groups, queries of two dimensions read the roll-ups of all dimensions.
// Both must agree in every time zone and for ranges that begin within an hour.
test.each(["UTC", "America/New_York", "Asia/Kolkata"])(
  "sums by any group equal the filtered sums in %s",
  async (timeZone) => {
    const owner = await setup.organisation();
    await updateOrganisation(owner, { timeZone });
    const teams = await Promise.all(["Research", "Sales"].map((name) => createTeam(owner, { name })));
    const nowMs = setup.clock.now();
    const events = Array.from({ length: 400 }, (_, n) =>
      usageEvent(owner.orgId, nowMs - ((n * 7_919 * MINUTE) % (5 * DAY)), {
        model: MODELS[n % 3] ?? "",
        teamId: teams[n % 4]?.id ?? null,
        status: STATUSES[n % 6] ?? 200,
        provider: n % 5 === 0 ? null : "openai",
        costNano: n % 11 === 0 ? null : String(n * 1_000_003),
      }),
    );
    for (let at = 0; at < events.length; at += 100) await ledger.ingest(events.slice(at, at + 100));
    const range = {
      from: new Date(nowMs - 3 * DAY - 17 * MINUTE).toISOString(),
      to: new Date(nowMs - 41 * MINUTE).toISOString(),
    };
    for (const interval of ["day", "hour"] as const) {
      const ask = (input: object) => getSpend(owner, { ...range, interval, ...input });
      const all = await ask({ groupBy: "none" });
      expect(all.total.requests).toBeGreaterThan(100);
      expect(all.total.errors).toBeGreaterThan(0);
      for (const groupBy of ["model", "team", "provider", "key", "member"] as const) {
        expect((await ask({ groupBy })).total).toEqual(all.total);
      }
      const byModel = await ask({ groupBy: "model" });
      for (const model of MODELS) {
        const one = await ask({ groupBy: "model", model });
        expect(byModel.rows.filter(({ groupId }) => groupId === model)).toEqual(one.rows);
        expect(byModel.series.filter(({ groupId }) => groupId === model)).toEqual(one.series);
        const crossed = await ask({ groupBy: "provider", model });
        expect(crossed.total).toEqual(one.total);
        for (const { slot, requests } of one.series) {
          const inSlot = crossed.series.filter((each) => each.slot === slot);
          expect(inSlot.reduce((sum, each) => sum + each.requests, 0)).toBe(requests);
        }
      }
      const byTeam = await ask({ groupBy: "team" });
      const [team] = teams;
      const one = await ask({ groupBy: "team", teamId: team?.id });
      expect(byTeam.series.filter(({ groupId }) => groupId === team?.id)).toEqual(one.series);
      expect(one.series.length).toBeGreaterThan(2);
      expect((await ask({ groupBy: "model", teamId: team?.id })).total).toEqual(one.total);
      expect((await ask({ groupBy: "none", teamId: team?.id })).total).toEqual(one.total);
    }
  },
);

import { uuidV7 } from "@tollgate/contracts/ids";
import type { Context } from "@tollgate/control/context";
import { createKey } from "@tollgate/control/keys/create";
import { changeLimit } from "@tollgate/control/limits/change";
import { deleteLimit } from "@tollgate/control/limits/delete";
import { fillLimits } from "@tollgate/control/limits/fill-limits";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { createTeam } from "@tollgate/control/teams/create";
import { deleteTeam } from "@tollgate/control/teams/delete";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
let ledger: Ledger;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());

const budget = { scope: "organisation", unit: "usd", window: "month", amount: "10" } as const;
const startOf = (unit: "month" | "day", atMs: number): number => {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), unit === "day" ? at.getUTCDate() : 1);
};

describe("a limit", () => {
  test("starts with nothing used, and shows what is left and when it resets", async () => {
    const owner = await setup.organisation();
    const limit = await setLimit(owner, { ...budget, thresholds: [100, 80, 80] });
    expect(limit).toMatchObject({ amount: "10", spent: "0", left: "10", mode: "block", thresholds: [80, 100] });
    expect(limit.windowStart).toBe(new Date(startOf("month", setup.clock.now())).toISOString());
    expect(Date.parse(limit.resetsAt ?? "")).toBeGreaterThan(setup.clock.now());
    expect((await listLimits(owner, {})).items).toEqual([limit]);
  });

  test("follows the ledger to the nano-dollar, and never has less than 0 left", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, { ...budget, amount: "0.5" });
    const spend = (costNano: string) => ledger.ingest([usageEvent(owner.orgId, setup.clock.now(), { costNano })]);
    await spend("123456789");
    expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "0.123456789", left: "0.376543211" }]);
    await spend("900000000");
    expect((await listLimits(owner, {})).items).toMatchObject([{ id, spent: "1.023456789", left: "0" }]);
  });

  test("shows how many of its calls have no known price; their holds count", async () => {
    const owner = await setup.organisation();
    const before = await setLimit(owner, budget);
    await setLimit(owner, { ...budget, unit: "requests", amount: "100" });
    const unknown = { costNano: null, pricing: "unpriced" } as const;
    await ledger.ingest([
      usageEvent(owner.orgId, setup.clock.now()),
      usageEvent(owner.orgId, setup.clock.now(), { ...unknown, heldNano: "1000000" }),
      usageEvent(owner.orgId, setup.clock.now(), { ...unknown, heldNano: null }),
    ]);
    const after = await setLimit(owner, budget);
    expect((await listLimits(owner, {})).items).toMatchObject([
      { id: before.id, spent: "0.251", unpriced: 2 },
      { unit: "requests", spent: "3", unpriced: 0 },
      { id: after.id, spent: "0.251", unpriced: 2 },
    ]);
  });

  test("counts the counted amount of an event, which may exceed its cost, also in a recount", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    await ledger.ingest([
      usageEvent(owner.orgId, setup.clock.now(), { outcome: "failed", costNano: "0", countedNano: "70000000" }),
      usageEvent(owner.orgId, setup.clock.now(), { costNano: "30000000", countedNano: undefined }),
    ]);
    expect((await listLimits(owner, {})).items).toMatchObject([{ id, spent: "0.1" }]);
    await setLimit(owner, budget);
    expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "0.1" }, { spent: "0.1" }]);
  });

  test("on each customer shows the one with the most usage, with its unpriced calls", async () => {
    const owner = await setup.organisation();
    await setLimit(owner, { ...budget, scope: "customer" });
    const of = (customer: string, fields: object) =>
      usageEvent(owner.orgId, setup.clock.now(), { customer, ...fields });
    await ledger.ingest([
      of("least", { costNano: null, heldNano: "1", pricing: "unpriced" }),
      of("most", { costNano: "500" }),
      of("most", { costNano: null, heldNano: "7", pricing: "unpriced" }),
    ]);
    expect((await listLimits(owner, {})).items).toMatchObject([{ spent: "0.000000507", unpriced: 1 }]);
  });

  test("on a run counts the whole run, so it has no other window", async () => {
    const owner = await setup.organisation();
    const run = { ...budget, scope: "run" } as const;
    expect(await refusal(setLimit(owner, run))).toMatchObject({ code: "validation_failed", fields: ["window"] });
    const long = { ...run, window: "total", subject: "s".repeat(129) } as const;
    expect(await refusal(setLimit(owner, long))).toMatchObject({ code: "validation_failed", fields: ["subject"] });
    expect(await setLimit(owner, { ...run, window: "total" })).toMatchObject({ scope: "run", resetsAt: null });
  });

  test("that is set below its usage has nothing left at once", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    await ledger.ingest([usageEvent(owner.orgId, setup.clock.now())]);
    expect(await changeLimit(owner, { id, amount: "0.1" })).toMatchObject({ amount: "0.1", spent: "0.25", left: "0" });
    expect(await changeLimit(owner, { id, mode: "warn" })).toMatchObject({ amount: "0.1", mode: "warn" });
  });

  test.each(["0", "-1", "1e400", "1,5", "٣", "-0", "Infinity", "NaN", "", "1.0000000001", "9999999999999", " "])(
    "of %j dollars is refused on its field",
    async (amount) => {
      const owner = await setup.organisation();
      const refused = await refusal(setLimit(owner, { ...budget, amount }));
      expect(refused).toMatchObject({ code: "validation_failed", fields: ["amount"] });
    },
  );

  test("with invalid input is refused on its field", async () => {
    const owner = await setup.organisation();
    const refused = async (input: object) => (await refusal(setLimit(owner, { ...budget, ...input }))).fields;
    expect(await refused({ unit: "requests", amount: "1.5" })).toEqual(["amount"]);
    expect(await refused({ unit: "concurrent", amount: "5" })).toEqual(["window"]);
    expect(await refused({ subject: "acme" })).toEqual(["subject"]);
    expect(await refused({ scope: "team", subject: "acme" })).toEqual(["subject"]);
    expect(await refused({ scope: "tag", subject: "acme" })).toEqual(["subject"]);
    expect(await refused({ thresholds: [0] })).toEqual(["thresholds.0"]);
  });

  test("on a team of another organisation is refused", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    const { id: subject } = await createTeam(other, { name: "Theirs" });
    const foreign = await refusal(setLimit(owner, { ...budget, scope: "team", subject }));
    const random = await refusal(setLimit(owner, { ...budget, scope: "team", subject: uuidV7(setup.clock.now()) }));
    expect(foreign).toEqual(random);
  });

  test("prevents the deletion of its subject, and the error names the limit", async () => {
    const owner = await setup.organisation();
    const team = await createTeam(owner, { name: "Research" });
    const { id } = await setLimit(owner, { ...budget, scope: "team", subject: team.id });
    expect((await listLimits(owner, {})).items).toMatchObject([{ subjectName: "Research" }]);
    expect((await refusal(deleteTeam(owner, { id: team.id }))).message).toContain("1 limit");
    await deleteLimit(owner, { id });
    await deleteTeam(owner, { id: team.id });
  });

  test("can be seen by finance, and changed only by owner and admin", async () => {
    const owner = await setup.organisation();
    const finance = await setup.member(owner, "finance");
    await setLimit(owner, budget);
    expect((await listLimits(finance, {})).items).toHaveLength(1);
    expect((await refusal(setLimit(finance, budget))).code).toBe("forbidden");
  });
});

/** All counters of the organisation in the database. */
const counters = (orgId: string) =>
  query(
    setup.database.ownerUrl,
    `select l.scope, l.unit, l."window", c.subject, c.window_start, c.settled, c.unpriced from limit_counter c
     join usage_limit l on l.id = c.limit_id where c.org_id = '${orgId}' order by 1, 2, 3, 4, 5`,
  );

/** One limit of each scope and unit, with a subject and on each of its kind. */
async function setEvery(owner: Context, subjects: Record<string, string | null>): Promise<void> {
  for (const [scope, subject] of Object.entries(subjects))
    for (const unit of ["usd", "requests", "tokens"])
      for (const named of subject === null ? [null] : [subject, null])
        await setLimit.call(owner, { scope, unit, window: "day", subject: named, amount: "1000000" });
}

const NOTHING = { input: 0, output: 0 };
const [MEMBER, MODEL] = [uuidV7(0), uuidV7(1)];

describe("a limit set after the calls", () => {
  test("has the same usage as if it had existed before, for every scope and unit", async () => {
    const [early, late] = [await setup.organisation(), await setup.organisation()];
    const tally = async (owner: Context, limitsFirst: boolean) => {
      const { orgId } = owner;
      const team = await createTeam(owner, { name: "Research" });
      const { key } = await createKey(owner, { name: "ci" });
      const subjects = {
        organisation: null,
        team: team.id,
        key: key.id,
        tag: "env=prod",
        customer: "c-1",
        end_user: "u-1",
        cost_centre: "cc-1",
        member: null,
        model: null,
      };
      if (limitsFirst) await setEvery(owner, subjects);
      const [noon, midnight] = [setup.clock.now(), startOf("day", setup.clock.now())];
      const tags = { env: "prod", feature: "search" };
      const texts = { customer: "c-1", endUser: "u-1", costCentre: "cc-1" };
      const fields = { teamId: team.id, memberId: MEMBER, keyId: key.id, modelId: MODEL, tags, ...texts };
      await ledger.ingest([
        usageEvent(orgId, noon, fields),
        usageEvent(orgId, noon, { ...fields, costNano: "1", customer: "c-2", tags: { env: "prod" } }),
        usageEvent(orgId, noon, { ...fields, costNano: null, pricing: "unpriced" }),
        usageEvent(orgId, noon, { ...fields, costNano: null, heldNano: null, pricing: "unpriced" }),
        usageEvent(orgId, noon, { ...fields, outcome: "refused", status: 402, costNano: "0", use: NOTHING }),
        usageEvent(orgId, midnight, { teamId: team.id }),
        usageEvent(orgId, midnight - 1, fields),
        usageEvent(orgId, noon, { tags: {} }),
      ]);
      if (!limitsFirst) await setEvery(owner, subjects);
      await fillLimits(pool, setup.clock.now());
      const rows = await counters(orgId);
      const today = rows.filter((row) => row.window_start.getTime() === midnight);
      return today.map((row) => ({ ...row, subject: row.subject.replace(team.id, "team").replace(key.id, "key") }));
    };
    const [before, after] = [await tally(early, true), await tally(late, false)];
    expect(before.length).toBeGreaterThan(46);
    expect(after).toEqual(before);
  });

  test("counts calls that are written at the same time exactly once", async () => {
    const owner = await setup.organisation();
    const call = () => ledger.ingest([usageEvent(owner.orgId, setup.clock.now())]);
    const set = () => setLimit(owner, { ...budget, amount: "100000" });
    await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 10 === 5 ? set() : call())));
    await fillLimits(pool, setup.clock.now());
    const { items } = await listLimits(owner, {});
    expect(items.map(({ spent }) => spent)).toEqual(Array(6).fill("13.5"));
  });
});

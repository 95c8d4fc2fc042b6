import type { Context } from "@tollgate/control/context";
import { changeLimit } from "@tollgate/control/limits/change";
import { deleteLimit } from "@tollgate/control/limits/delete";
import { getLimit } from "@tollgate/control/limits/get";
import { increaseLimit } from "@tollgate/control/limits/increase";
import { listLimits } from "@tollgate/control/limits/list";
import { revokeIncrease } from "@tollgate/control/limits/revoke-increase";
import { setLimit } from "@tollgate/control/limits/set";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { openLedger, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const HOUR = 3_600_000;
const budget = { scope: "organisation", unit: "usd", window: "month", amount: "100" } as const;
const inHours = (hours: number): string => new Date(setup.clock.now() + hours * HOUR).toISOString();
const raise = (owner: Context, id: string, input: object = {}) =>
  increaseLimit.call(owner, { id, amount: "25", until: inHours(2), reason: "Launch week", ...input });
const seen = async (owner: Context) => (await listLimits(owner, {})).items[0] ?? expect.unreachable();

describe("an increase", () => {
  test("raises the cap, shows who did it and why, and does not change the limit itself", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    await raise(owner, id);
    expect(await seen(owner)).toMatchObject({
      amount: "100",
      cap: "125",
      left: "125",
      increases: [{ amount: "25", state: "active", reason: "Launch week", madeBy: "Ada Owner", until: inHours(2) }],
    });
    expect(await seen(owner)).toEqual(await getLimit(owner, { id }));
  });

  test("adds to other increases, and each ends at its own time", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    await raise(owner, id, { until: inHours(1) });
    const later = inHours(2);
    setup.clock.advance(1);
    await raise(owner, id, { amount: "0.000000001", until: later });
    expect(await seen(owner)).toMatchObject({ cap: "125.000000001" });
    setup.clock.advance(HOUR - 1);
    expect(await seen(owner)).toMatchObject({
      cap: "100.000000001",
      increases: [{ state: "active" }, { state: "ended" }],
    });
    setup.clock.advance(HOUR - 1);
    expect(await seen(owner)).toMatchObject({ cap: "100.000000001" });
    setup.clock.advance(1);
    expect(await seen(owner)).toMatchObject({ cap: "100", increases: [{ state: "ended" }, { state: "ended" }] });
  });

  test("lasts to the end of the open window by default", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, { ...budget, window: "day" });
    const { resetsAt, increases } = await increaseLimit(owner, { id, amount: "1", reason: "Backfill" });
    expect(increases).toMatchObject([{ until: resetsAt }]);
  });

  test("is revoked once, and stays visible with who revoked it", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    const { increases } = (await raise(owner, id)) as Awaited<ReturnType<typeof seen>>;
    const [entry] = increases;
    const revokedAt = new Date(setup.clock.now()).toISOString();
    const revoked = { state: "revoked", revokedBy: "Ada Owner", revokedAt, reason: "Launch week" };
    for (let again = 0; again < 2; again += 1) {
      const limit = await revokeIncrease(owner, { id: entry?.id ?? "" });
      expect(limit).toMatchObject({ cap: "100", left: "100", increases: [revoked] });
      setup.clock.advance(1);
    }
  });

  test("that has ended cannot be revoked", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    const { increases } = (await raise(owner, id)) as Awaited<ReturnType<typeof seen>>;
    setup.clock.advance(2 * HOUR);
    expect(await revokeIncrease(owner, { id: increases[0]?.id ?? "" })).toMatchObject({
      increases: [{ state: "ended", revokedBy: null }],
    });
  });

  test("changes what is left, and survives a change of the limit", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, { ...budget, amount: "0.2" });
    await openLedger(setup.database).ingest([usageEvent(owner.orgId, setup.clock.now())]);
    expect(await seen(owner)).toMatchObject({ spent: "0.25", left: "0" });
    await raise(owner, id, { amount: "0.1" });
    expect(await seen(owner)).toMatchObject({ cap: "0.3", left: "0.05" });
    expect(await changeLimit(owner, { id, amount: "1" })).toMatchObject({ amount: "1", cap: "1.1", left: "0.85" });
  });

  test("is deleted with its limit", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    await raise(owner, id);
    await deleteLimit(owner, { id });
    const rows = await query(setup.database.ownerUrl, `select from limit_increase where org_id = '${owner.orgId}'`);
    expect(rows).toEqual([]);
  });

  test("with invalid input is refused on its field", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    const total = await setLimit(owner, { ...budget, window: "total" });
    const requests = await setLimit(owner, { ...budget, unit: "requests" });
    const fields = async (of: string, input: object) => (await refusal(raise(owner, of, input))).fields;
    expect(await fields(id, { amount: "0" })).toEqual(["amount"]);
    expect(await fields(id, { amount: "-5" })).toEqual(["amount"]);
    expect(await fields(requests.id, { amount: "1.5" })).toEqual(["amount"]);
    expect(await fields(id, { until: inHours(0) })).toEqual(["until"]);
    expect(await fields(id, { until: "tomorrow" })).toEqual(["until"]);
    expect(await fields(total.id, { until: null })).toEqual(["until"]);
    expect(await fields(id, { reason: " " })).toEqual(["reason"]);
    expect((await seen(owner)).increases).toEqual([]);
  });

  test("can be created and revoked by an admin, and seen by finance", async () => {
    const owner = await setup.organisation();
    const finance = await setup.member(owner, "finance");
    const { id } = await setLimit(owner, budget);
    await raise(owner, id);
    const { increases } = await seen(finance);
    expect(increases).toHaveLength(1);
    expect((await refusal(raise(finance, id))).code).toBe("forbidden");
    expect((await refusal(revokeIncrease(finance, { id: increases[0]?.id ?? "" }))).code).toBe("forbidden");
  });

  test("cannot be edited in the database by any role", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, budget);
    await raise(owner, id);
    for (const change of ["amount = 1", "until = now()", "reason = 'x'", "made_by = 'x'"])
      await expect(query(setup.database.controlUrl, `update limit_increase set ${change}`)).rejects.toThrow(
        /permission/,
      );
    await expect(query(setup.database.controlUrl, "delete from limit_increase")).rejects.toThrow(/permission/);
  });
});

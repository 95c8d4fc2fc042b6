import { createHash } from "node:crypto";
import { mailQuarantine } from "@tollgate/control/alerts/mail-quarantine";
import type { Mail } from "@tollgate/control/alerts/outbound";
import { listAudit } from "@tollgate/control/audit/list";
import { applyDecisions } from "@tollgate/control/ledger/apply-decisions";
import { ingestUsage } from "@tollgate/control/ledger/ingest";
import { decideQuarantine, listQuarantine } from "@tollgate/control/operator/quarantine";
import { getSpend } from "@tollgate/control/reports/spend";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { checkBatch } from "@tollgate/vault/event-mac";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { batch } from "./ledger/batch.ts";
import { ingestProven, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
let pool: Pool;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
});
afterAll(() => pool.end());
beforeEach(() => look("delete from usage_quarantine"));

const look = (sql: string) => query<Record<string, unknown>>(setup.database.ownerUrl, sql);
const list = () => listQuarantine(setup.services, {});
const apply = () => applyDecisions(pool, setup.services.auditKey, Date.now());
const decide = (decision: "release" | "discard", ids: string[] | "all") =>
  decideQuarantine(setup.services, decision, { ids }, "operator test");

/** An event that the ledger can store, put in quarantine by a worker that could not. */
async function quarantined(orgId: string, reason = "tokens: not an event"): Promise<string> {
  const event = JSON.stringify(usageEvent(orgId, setup.clock.now()));
  const id = createHash("md5")
    .update(event)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  await look(`insert into usage_quarantine (id, spool_id, event, reason)
    values ('${id}', gen_random_uuid(), '${event.replaceAll("'", "''")}', '${reason}')`);
  return id;
}

test("usage in quarantine is listed with time, reason and size, page by page, without its content", async () => {
  const owner = await setup.organisation();
  const sent = batch(["not an event", usageEvent(owner.orgId, Date.now())]);
  await ingestUsage(pool, sent, checkBatch([], sent));
  await ingestProven(pool, batch(["{}", '{"v":7}']));
  const { items, events, nextCursor } = await list();
  expect([items.length, events, nextCursor]).toEqual([4, 4, null]);
  expect(items).toContainEqual({
    id: expect.any(String),
    spoolId: sent.spoolId,
    at: expect.stringMatching(/Z$/),
    reason: "its MAC is missing or wrong",
    bytes: "not an event".length,
    decision: null,
    failure: null,
  });
  expect(JSON.stringify(items)).not.toContain(owner.orgId);
  const first = await listQuarantine(setup.services, { limit: 3 });
  const rest = await listQuarantine(setup.services, { limit: 3, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...rest.items]).toEqual(items);
  expect((await refusal(listQuarantine(setup.services, { cursor: "1_2" }))).fields).toEqual(["cursor"]);
});

test("a release adds it to the ledger once, with an audit entry, and takes it out of the quarantine", async () => {
  const owner = await setup.organisation();
  const id = await quarantined(owner.orgId);
  expect(await decide("release", [id])).toEqual({ marked: 1 });
  expect((await list()).items).toMatchObject([{ id, decision: "release" }]);
  expect(await apply()).toEqual({ released: 1, discarded: 0, failed: 0 });
  expect(await apply()).toEqual({ released: 0, discarded: 0, failed: 0 });
  expect(await list()).toMatchObject({ items: [], events: 0 });
  expect((await getSpend(owner, {})).total).toMatchObject({ requests: 1, costUsd: "0.25" });
  const { items } = await listAudit(owner, {});
  expect(items[0]).toMatchObject({ action: "quarantine.release", after: { by: "operator test" } });
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("what still cannot be stored stays, and says why; what nothing proves cannot be released", async () => {
  const owner = await setup.organisation();
  await ingestProven(pool, batch(['{"v":7}']));
  await decide("release", "all");
  expect(await apply()).toMatchObject({ released: 0, failed: 1 });
  expect((await list()).items).toMatchObject([{ decision: null, failure: expect.stringContaining("v") }]);
  await look("delete from usage_quarantine");
  const id = await quarantined(owner.orgId, "its MAC is missing or wrong");
  expect(await refusal(decide("release", [id]))).toMatchObject({ code: "conflict" });
  expect(await refusal(decide("release", "all"))).toMatchObject({ code: "conflict" });
  // Not even if the database says so.
  await look("update usage_quarantine set decision = 'release', decided_at = now()");
  expect(await apply()).toMatchObject({ released: 0, failed: 1 });
  expect((await getSpend(owner, {})).total.requests).toBe(0);
});

test("a discard deletes it, with an audit entry; without the audit key nothing is done", async () => {
  const owner = await setup.organisation();
  const [id, kept] = [await quarantined(owner.orgId), await quarantined(owner.orgId)];
  await decide("discard", [id]);
  await expect(applyDecisions(pool, null, Date.now())).rejects.toThrow("TOLLGATE_AUDIT_KEY");
  expect((await list()).events).toBe(2);
  expect(await apply()).toEqual({ released: 0, discarded: 1, failed: 0 });
  expect((await list()).items.map((each) => each.id)).toEqual([kept]);
  expect((await listAudit(owner, {})).items[0]).toMatchObject({ action: "quarantine.discard" });
  expect((await getSpend(owner, {})).total.requests).toBe(0);
});

test("the operator gets one mail an hour when something entered it, and again if it could not be sent", async () => {
  const owner = await setup.organisation();
  const sent: Mail[] = [];
  const outbound = { mail: async (mail: Mail) => void sent.push(mail), post: async () => 200 };
  const broken = { ...outbound, mail: async () => Promise.reject(new Error("no mail server")) };
  const to = ["ops@example.com"];
  expect(await mailQuarantine(pool, outbound, to)).toBe(0);
  await quarantined(owner.orgId);
  await quarantined(owner.orgId, "its MAC is missing or wrong");
  expect(await mailQuarantine(pool, outbound, [])).toBe(0);
  await expect(mailQuarantine(pool, broken, to)).rejects.toThrow("no mail server");
  await Promise.all([1, 2, 3].map(() => mailQuarantine(pool, outbound, to)));
  expect(sent).toMatchObject([{ to, subject: "Tollgate: usage is in quarantine" }]);
  expect(sent[0]?.text).toMatch(
    /^2 usage records.*\n\n(.*\n)* {2}1 × its MAC is missing or wrong\n(.*\n)*.*quarantine list/,
  );
  await quarantined(owner.orgId);
  expect(await mailQuarantine(pool, outbound, to)).toBe(0);
  await look("update alert_look set at = at - interval '1 hour' where name = 'quarantine'");
  // Those of the mail before are older than an hour by now.
  await look(
    "update usage_quarantine set at = at - interval '2 hours' where at < (select max(at) from usage_quarantine)",
  );
  expect(await mailQuarantine(pool, outbound, to)).toBe(1);
});

import { listAudit } from "@tollgate/control/audit/list";
import { verifyAudit } from "@tollgate/control/audit/verify";
import { createKey } from "@tollgate/control/keys/create";
import { bulkChangeLimits } from "@tollgate/control/limits/bulk-change";
import { bulkDeleteLimits } from "@tollgate/control/limits/bulk-delete";
import { bulkSetLimits } from "@tollgate/control/limits/bulk-set";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { listMembers } from "@tollgate/control/people/list-members";
import { createTeam } from "@tollgate/control/teams/create";
import { beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

const monthly = { unit: "usd", window: "month", amount: "10" } as const;

const fieldsOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable(),
    ({ detail }: { detail: { fields: Record<string, string> } }) => detail.fields,
  );

test("limits set together count what was used already, as limits set alone do", async () => {
  const owner = await setup.organisation();
  const [team, other] = [await createTeam(owner, { name: "Research" }), await createTeam(owner, { name: "Other" })];
  const { key } = await createKey(owner, { name: "ci" });
  const nowMs = setup.clock.now();
  await ledger.ingest([
    usageEvent(owner.orgId, nowMs, { teamId: team.id, keyId: key.id, tags: { env: "prod" } }),
    usageEvent(owner.orgId, nowMs, { teamId: other.id, keyId: key.id, customer: "c-1" }),
    usageEvent(owner.orgId, nowMs, {
      teamId: team.id,
      customer: "c-1",
      costNano: null,
      pricing: "unpriced",
      heldNano: "5",
    }),
  ]);
  const rows = [
    { scope: "team", subject: team.id, ...monthly },
    { scope: "team", subject: other.id, ...monthly },
    { scope: "team", ...monthly },
    { scope: "key", subject: key.id, unit: "requests", window: "day", amount: "5" },
    { scope: "tag", subject: "env=prod", unit: "tokens", window: "week", amount: "500" },
    { scope: "customer", unit: "requests", window: "total", amount: "9" },
    { scope: "organisation", ...monthly },
    { scope: "organisation", unit: "concurrent", window: "total", amount: "3" },
  ] as const;
  const { ids } = await bulkSetLimits(owner, { items: [...rows] });
  const together = (await listLimits(owner, {})).items;
  expect(together.map(({ id }) => id)).toEqual(ids);
  const alone = [];
  for (const row of rows) alone.push(await setLimit(owner, row));
  const own = { id: "", createdAt: "" };
  expect(together.map((limit) => ({ ...limit, ...own }))).toEqual(alone.map((limit) => ({ ...limit, ...own })));
  expect(together.map(({ spent }) => spent)).toEqual([
    "0.250000005",
    "0.25",
    "0.250000005",
    "2",
    "120",
    "2",
    "0.500000005",
    "0",
  ]);
  const entries = (await listAudit(owner, { action: "limits.bulk-set", sort: "sequence" })).items;
  expect(entries.map(({ after }) => after)).toEqual(
    together.map((limit) => ({ ...limit, createdAt: expect.any(String) })),
  );
  expect(await verifyAudit(owner, {})).toMatchObject({ intact: true });
});

test("a subject can be given by its name", async () => {
  const owner = await setup.organisation();
  await createTeam(owner, { name: "Research" });
  const { key } = await createKey(owner, { name: "ci" });
  const [self] = (await listMembers(owner, {})).items;
  const named = { team: "Research", member: self?.email.toUpperCase() ?? "", key: key.publicId };
  const items = (["team", "member", "key"] as const).map((scope) => ({ scope, subjectName: named[scope], ...monthly }));
  await bulkSetLimits(owner, { items });
  expect((await listLimits(owner, {})).items.map(({ subjectName }) => subjectName)).toEqual([
    "Research",
    "Ada Owner",
    "ci",
  ]);
});

test("if rows have errors, each is named by row and field, and nothing is changed", async () => {
  const owner = await setup.organisation();
  const stranger = await createTeam(await setup.organisation("Globex"), { name: "Theirs" });
  const limit = await setLimit(owner, { scope: "organisation", ...monthly });
  const unknown = "01990000-0000-7000-8000-000000000000";
  const set = bulkSetLimits(owner, {
    items: [
      { scope: "organisation", ...monthly },
      { scope: "team", subject: stranger.id, ...monthly },
      { scope: "team", subjectName: "Theirs", ...monthly },
      { scope: "organisation", subject: "x", ...monthly },
      { scope: "tag", subject: "env", ...monthly },
      { scope: "customer", subjectName: "c", ...monthly },
      { scope: "organisation", ...monthly, amount: "0" },
      { scope: "organisation", unit: "concurrent", window: "day", amount: "1" },
    ],
  });
  expect(await fieldsOf(set)).toEqual({
    "items.1.subject": "there is no such team",
    "items.2.subjectName": "there is no such team",
    "items.3.subject": "must be empty: a limit on the organisation has no subject",
    "items.4.subject": "a tag as name=value",
    "items.5.subjectName": "a limit of scope customer has a subject instead",
    "items.6.amount": "more than 0",
    "items.7.window": "must be total: calls at once have no window",
  });
  const changed = bulkChangeLimits(owner, {
    items: [
      { id: limit.id, amount: "1" },
      { id: unknown, amount: "1" },
    ],
  });
  expect(await fieldsOf(changed)).toEqual({ "items.1.id": "there is no such limit" });
  const lowered = bulkChangeLimits(owner, { items: [{ id: limit.id, amount: "0" }] });
  expect(await fieldsOf(lowered)).toEqual({ "items.0.amount": "more than 0" });
  expect(await fieldsOf(bulkDeleteLimits(owner, { ids: [limit.id, unknown] }))).toEqual({
    "ids.1": "there is no such limit",
  });
  expect((await listLimits(owner, {})).items).toEqual([limit]);
  expect((await listAudit(owner, { search: "bulk" })).items).toEqual([]);
});

test("limits are changed and deleted together, with an audit entry each", async () => {
  const owner = await setup.organisation();
  const one = await setLimit(owner, { scope: "organisation", ...monthly, thresholds: [80] });
  const two = await setLimit(owner, { scope: "organisation", unit: "requests", window: "day", amount: "5" });
  const items = [
    { id: one.id, amount: "12.5" },
    { id: two.id, mode: "warn" as const, thresholds: [50] },
  ];
  expect(await bulkChangeLimits(owner, { items })).toEqual({ changed: 2 });
  const after = [
    { ...one, amount: "12.5", cap: "12.5", left: "12.5" },
    { ...two, mode: "warn", thresholds: [50] },
  ];
  expect((await listLimits(owner, {})).items).toEqual(after);
  const entries = (await listAudit(owner, { action: "limits.bulk-change", sort: "sequence" })).items;
  expect(entries).toMatchObject([one, two].map((before, n) => ({ before, after: after[n] })));
  expect(await bulkDeleteLimits(owner, { ids: [one.id, two.id] })).toEqual({ changed: 2 });
  expect((await listLimits(owner, {})).items).toEqual([]);
  const finance = await setup.member(owner, "finance");
  expect((await refusal(bulkDeleteLimits(finance, { ids: [one.id] }))).code).toBe("forbidden");
});

test("a call takes thousands of rows", async () => {
  const owner = await setup.organisation();
  const items = Array.from({ length: 2_000 }, (_, n) => ({
    scope: "customer" as const,
    subject: `c-${n}`,
    ...monthly,
  }));
  const { ids } = await bulkSetLimits(owner, { items });
  expect(ids).toHaveLength(2_000);
  expect(await bulkDeleteLimits(owner, { ids })).toEqual({ changed: 2_000 });
});

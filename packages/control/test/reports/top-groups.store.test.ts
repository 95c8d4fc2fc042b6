import { NIL_UUID } from "@tollgate/contracts/ids";
import { parseUsd } from "@tollgate/contracts/money";
import { ROWS_AT_ONCE } from "@tollgate/control/reports/exported-rows";
import { getOverview } from "@tollgate/control/reports/overview";
import { getSpend } from "@tollgate/control/reports/spend";
import { ALL_KEPT } from "@tollgate/control/rollups/kept";
import type { Figures } from "@tollgate/control/rollups/readings";
import { SLOT_MS, slotStart, slotsOf } from "@tollgate/control/rollups/slots";
import { sumTotals } from "@tollgate/control/rollups/sum-totals";
import { OTHER } from "@tollgate/control/rollups/top-groups";
import { SERIES_MAX, topSql } from "@tollgate/control/rollups/top-sql";
import { openPool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { exportedBatches } from "./exported.ts";

const KEYS = 130;
const iso = (ms: number): string => new Date(ms).toISOString();
const keyId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const nano = (rows: readonly { costUsd: string }[]): bigint =>
  rows.reduce((sum, { costUsd }) => sum + (parseUsd(costUsd) ?? 0n), 0n);

let setup: TestSetup;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

/** Every key calls two models in each of four hours. */
async function busy() {
  const owner = await setup.organisation();
  const fromMs = Math.floor(setup.clock.now() / SLOT_MS.day) * SLOT_MS.day;
  for (let hour = 0; hour < 4; hour += 1)
    await ledger.ingest(
      Array.from({ length: 2 * KEYS }, (_, n) =>
        usageEvent(owner.orgId, fromMs + hour * SLOT_MS.hour + n * 1_000, {
          keyId: keyId(n % KEYS),
          model: `model-${n % 2}`,
          costNano: String(1_000_003 * ((n * 7) % KEYS) + hour),
          use: n % 9 === 0 ? { input: 100, output: 20, images: 2 } : { input: 100, output: 20 },
        }),
      ),
    );
  return { owner, range: { from: iso(fromMs), to: iso(fromMs + 4 * SLOT_MS.hour) }, fromMs };
}

test("spend of many keys shows the highest and the sum of the others, and all sums equal those of the export", async () => {
  const { owner, range } = await busy();
  const input = { ...range, groupBy: "key", interval: "hour" } as const;
  const shown = await getSpend(owner, input);
  const { total, batches } = await exportedBatches(owner, input);
  const rows = batches.flat();
  const ofKeys = [...Map.groupBy(rows, ({ groupId }) => groupId)].map(([id, own]) => ({ id, cost: nano(own) }));
  const ranked = ofKeys.toSorted((a, b) => Number(b.cost - a.cost));
  expect(ranked).toHaveLength(KEYS);
  expect(shown.rows.map((row) => ({ id: row.groupId, cost: nano([row]) }))).toEqual(ranked.slice(0, 100));
  expect(shown.other?.groups).toBe(KEYS - 100);
  expect(shown.total).toEqual(total);
  expect(shown.total.use).not.toEqual({});
  expect(nano([...shown.rows, shown.other ?? expect.unreachable()])).toBe(nano([total]));
  expect(nano(shown.series)).toBe(nano([total]));
  expect(nano(rows)).toBe(nano([total]));
  const top = new Set(shown.rows.slice(0, 11).map(({ groupId }) => groupId));
  for (const slot of shown.slots) {
    const mine = shown.series.filter((each) => each.slot === slot);
    const all = rows.filter((each) => each.slot === slot);
    expect(new Set(mine.map(({ groupId }) => groupId))).toEqual(new Set([...top, OTHER]));
    const byId = new Map(mine.map((each) => [each.groupId, each]));
    for (const { label: _, deleted: __, ...each } of all)
      if (top.has(each.groupId)) expect(byId.get(each.groupId)).toEqual(each);
    const others = all.filter(({ groupId }) => !top.has(groupId));
    expect(byId.get(OTHER)).toMatchObject({
      costUsd: expect.any(String),
      requests: others.reduce((sum, { requests }) => sum + requests, 0),
      use: { images: others.reduce((sum, { use }) => sum + (use.images ?? 0), 0) },
    });
    expect(nano([byId.get(OTHER) ?? expect.unreachable()])).toBe(nano(others));
  }
  const { topKeys } = await getOverview(owner, { hours: 48 });
  expect(topKeys.map(({ id }) => id)).toEqual(ranked.slice(0, 5).map(({ id }) => id));
});

test.each(["model", "team", "key", "none"] as const)(
  "the total of the period before is that of its own report, and in no other sum: by %s",
  async (groupBy) => {
    const { owner, range, fromMs } = await busy();
    const halfMs = fromMs + 2 * SLOT_MS.hour;
    const first = await getSpend(owner, { from: range.from, to: iso(halfMs), groupBy });
    const second = await getSpend(owner, { from: iso(halfMs), to: range.to, groupBy });
    const all = await getSpend(owner, { ...range, groupBy });
    expect(second.previousTotal).toEqual(first.total);
    expect(second.previousTotal.use).not.toEqual({});
    expect(nano([first.total, second.total])).toBe(nano([all.total]));
    expect(nano(second.series)).toBe(nano([second.total]));
    expect(first.previousTotal).toMatchObject({ costUsd: "0", requests: 0 });
  },
);

test("an export has a bounded number of rows in memory, whatever the number of groups", async () => {
  const { owner, range } = await busy();
  const { batches, slots, total } = await exportedBatches(owner, { ...range, groupBy: "key", interval: "minute" });
  expect(slots).toBe(240);
  const groups = batches.map((rows) => new Set(rows.map(({ groupId }) => groupId)).size);
  expect(groups.length).toBeGreaterThan(KEYS / 10);
  for (const each of groups) expect(each * slots).toBeLessThanOrEqual(ROWS_AT_ONCE);
  const ids = batches.flatMap((rows) => [...new Set(rows.map(({ groupId }) => groupId))]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(KEYS);
  expect(nano(batches.flat())).toBe(nano([total]));
});

interface Plan {
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Join Filter"?: string;
  "Hash Cond"?: string;
  "Merge Cond"?: string;
  Plans?: Plan[];
}

/** Rows that a plan reads from tables. */
const rowsRead = (plan: Plan): number => {
  const own = (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0)) * plan["Actual Loops"];
  return (plan["Relation Name"] ? own : 0) + (plan.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), 0);
};

/** Conditions of the joins in a plan. */
const joins = (plan: Plan): string[] => [
  ...[plan["Join Filter"], plan["Hash Cond"], plan["Merge Cond"]].filter((condition) => condition !== undefined),
  ...(plan.Plans ?? []).flatMap(joins),
];

async function planOf(asked: Figures): Promise<Plan> {
  const { text, values } = topSql(asked);
  const client = new pg.Client({ connectionString: setup.database.ownerUrl });
  await client.connect();
  // Tables are so small here that Postgres would read them whole.
  await client.query("set enable_seqscan = off");
  const { rows } = await client.query(`explain (analyze, format json) ${text}`, [...values]);
  await client.end();
  return rows[0]["QUERY PLAN"][0].Plan;
}

const rowsReadBy = async (asked: Figures): Promise<number> => rowsRead(await planOf(asked));

test("the rows that spend by model reads do not depend on the number of keys", async () => {
  const { owner, fromMs } = await busy();
  const slots = [0, 1, 2, 3].map((hour) => fromMs + hour * SLOT_MS.hour);
  const toMs = fromMs + 4 * SLOT_MS.hour;
  const read = await rowsReadBy({ orgId: owner.orgId, slots, toMs, groupBy: "model", filter: {}, kept: ALL_KEPT });
  const [hours] = await query<{ n: number }>(
    setup.database.ownerUrl,
    `select count(*)::integer as n from usage_hour where org_id = '${owner.orgId}'`,
  );
  expect(hours?.n).toBe(KEYS * 4);
  // Two models in four hours, once for table, chart and total.
  expect(read).toBeLessThanOrEqual(4 * 2);
});

describe("of thirty days in which every key calls in every hour", () => {
  const MANY = 40;
  const DAYS = 30;
  const endMs = Date.parse("2026-03-31T00:00Z");
  const sinceMs = endMs - 60 * SLOT_MS.day;
  let orgId: string;
  beforeAll(async () => {
    ({ orgId } = await setup.organisation());
    const columns = "org_id, slot, team_id, member_id, key_id, model, provider, status_class, requests, cost_nano";
    const row = (
      requests: number,
    ): string => `'${orgId}', slot, '${NIL_UUID}', ('00000000-0000-7000-8000-' || lpad((key % 20)::text, 12, '0'))::uuid,
      ('00000000-0000-7000-8000-' || lpad(key::text, 12, '0'))::uuid, 'model', 'provider', '2xx', ${requests}, ${requests} * key`;
    const slots = (step: string): string =>
      `generate_series('${iso(sinceMs)}'::timestamptz, '${iso(endMs - 1)}', interval '1 ${step}') as slot, generate_series(1, ${MANY}) as key`;
    await query(
      setup.database.ownerUrl,
      `insert into usage_hour (${columns}) select ${row(1)} from ${slots("hour")}`,
      `insert into usage_day (${columns}) select ${row(24)} from ${slots("day")}`,
    );
    const pool = openPool({ connectionString: setup.database.ingestUrl });
    expect(await sumTotals(pool, endMs + SLOT_MS.day, 60_000).finally(() => pool.end())).toBe(60);
    await query(setup.database.ownerUrl, "analyze usage_hour, usage_day, usage_total");
  });

  test.each([
    ["UTC", 0],
    ["America/New_York", 5],
    ["Asia/Kolkata", 6],
  ])(
    "spend by key in %s reads days and, of the keys in its chart, the hours between two days, not every hour",
    async (zone, hours) => {
      const fromMs = slotStart(endMs - DAYS * SLOT_MS.day, "day", zone);
      const toMs = slotStart(endMs, "day", zone);
      const slots = slotsOf({ fromMs, toMs }, "day", zone);
      const read = await rowsReadBy({
        orgId,
        slots,
        toMs,
        groupBy: "key",
        filter: {},
        kept: { ...ALL_KEPT, minuteMs: endMs },
      });
      // Each key by month and by the days and hours at both ends; eleven by day and by the hours between two days.
      const ranking = MANY * (2 + 2 * 16 + 2 * hours);
      expect(read).toBeLessThanOrEqual(ranking + SERIES_MAX * (slots.length + 1) * (1 + hours) + slots.length * 2);
      expect(read).toBeLessThan((MANY * DAYS * 24) / 4);
    },
  );

  test.each([
    ["key", MANY],
    ["member", 20],
  ] as const)("spend by %s of a whole month or year reads one total of each in each month", async (groupBy, groups) => {
    const slots = [Date.parse("2026-02-01T00:00Z")];
    const month = { orgId, slots, toMs: Date.parse("2026-03-01T00:00Z"), groupBy, filter: {}, kept: ALL_KEPT };
    // There are totals of three months. With so few rows, Postgres may read those of all groups for the chart.
    const totals = groups + Math.max(groups, SERIES_MAX * 3) + 1;
    expect(await rowsReadBy(month)).toBeLessThanOrEqual(totals);
    const year = { ...month, slots: [Date.parse("2026-01-01T00:00Z")], toMs: Date.parse("2027-01-01T00:00Z") };
    expect(await rowsReadBy(year)).toBeLessThanOrEqual(3 * totals);
  });

  // Postgres estimates few sums, and would compare each with every slot.
  test.each(["UTC", "America/New_York"])("slots and their sums are not joined: %s", async (zone) => {
    const fromMs = slotStart(sinceMs + SLOT_MS.day, "day", zone);
    const toMs = slotStart(endMs, "day", zone);
    const slots = slotsOf({ fromMs, toMs }, "day", zone);
    const kept = { ...ALL_KEPT, minuteMs: endMs };
    expect(joins(await planOf({ orgId, slots, toMs, groupBy: "member", filter: {}, kept }))).toEqual([]);
  });
});

import { parseUsd } from "@tollgate/contracts/money";
import { exportSpend } from "@tollgate/control/reports/export-spend";
import { getOverview } from "@tollgate/control/reports/overview";
import { getSpend } from "@tollgate/control/reports/spend";
import { ALL_KEPT } from "@tollgate/control/rollups/kept";
import { SLOT_MS } from "@tollgate/control/rollups/slots";
import { OTHER, topSql } from "@tollgate/control/rollups/top-groups";
import { query } from "@tollgate/testkit/cluster";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

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
  const [shown, whole] = [await getSpend(owner, input), await exportSpend(owner, input)];
  expect(whole.rows).toHaveLength(KEYS);
  expect(shown.rows).toEqual(whole.rows.slice(0, 100));
  expect(shown.other?.groups).toBe(KEYS - 100);
  expect(shown.total).toEqual(whole.total);
  expect(shown.total.use).not.toEqual({});
  expect(nano([...shown.rows, shown.other ?? expect.unreachable()])).toBe(nano([whole.total]));
  expect(nano(shown.series)).toBe(nano([whole.total]));
  const top = new Set(shown.rows.slice(0, 11).map(({ groupId }) => groupId));
  for (const slot of shown.slots) {
    const [mine, all] = [shown, whole].map(({ series }) => series.filter((each) => each.slot === slot));
    expect(new Set(mine?.map(({ groupId }) => groupId))).toEqual(new Set([...top, OTHER]));
    const byId = new Map(mine?.map((each) => [each.groupId, each]));
    for (const each of all ?? []) if (top.has(each.groupId)) expect(byId.get(each.groupId)).toEqual(each);
    const others = all?.filter(({ groupId }) => !top.has(groupId)) ?? [];
    expect(byId.get(OTHER)).toMatchObject({
      costUsd: expect.any(String),
      requests: others.reduce((sum, { requests }) => sum + requests, 0),
      use: { images: others.reduce((sum, { use }) => sum + (use.images ?? 0), 0) },
    });
    expect(nano([byId.get(OTHER) ?? expect.unreachable()])).toBe(nano(others));
  }
  const { topKeys } = await getOverview(owner, { hours: 48 });
  expect(topKeys.map(({ id }) => id)).toEqual(whole.rows.slice(0, 5).map(({ groupId }) => groupId));
});

interface Plan {
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
}

/** Rows that a plan reads from tables. */
const rowsRead = (plan: Plan): number => {
  const own = (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0)) * plan["Actual Loops"];
  return (plan["Relation Name"] ? own : 0) + (plan.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), 0);
};

test("the rows that spend by model reads do not depend on the number of keys", async () => {
  const { owner, fromMs } = await busy();
  const slots = [0, 1, 2, 3].map((hour) => fromMs + hour * SLOT_MS.hour);
  const asked = {
    orgId: owner.orgId,
    slots,
    toMs: fromMs + 4 * SLOT_MS.hour,
    groupBy: "model",
    filter: {},
    kept: ALL_KEPT,
  } as const;
  const { text, values } = topSql(asked);
  const client = new pg.Client({ connectionString: setup.database.ownerUrl });
  await client.connect();
  const { rows } = await client.query(`explain (analyze, format json) ${text}`, [...values]);
  await client.end();
  const [hours] = await query<{ n: number }>(
    setup.database.ownerUrl,
    `select count(*)::integer as n from usage_hour where org_id = '${owner.orgId}'`,
  );
  expect(hours?.n).toBe(KEYS * 4);
  // Two models and one provider in four hours, the models once for their rank and once for the chart.
  expect(rowsRead(rows[0]["QUERY PLAN"][0].Plan)).toBeLessThanOrEqual(4 * (2 + 2 + 1));
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInstallation } from "@tollgate/chaos/installation";
import { query } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPolicy, buildUsage } from "../src/scale/build.ts";
import { openTarget, rowsOf, type Target } from "../src/scale/measure.ts";
import type { Operation } from "../src/scale/operation.ts";
import { changeOperations } from "../src/scale/operations/changes.ts";
import { listOperations } from "../src/scale/operations/lists.ts";
import { reportOperations } from "../src/scale/operations/reports.ts";
import { requestOperations } from "../src/scale/operations/requests.ts";
import { allRows } from "../src/scale/rows-read.ts";
import { type Shape, shapeOf } from "../src/scale/shape.ts";

const DAY_MS = 86_400_000;

const SMALL: Shape = { ...shapeOf(0), events: 2_000, days: 2, historyDays: 2, limits: 5, active: 5 };
/** Ten times as many of what an installation gathers. */
const LARGE: Shape = {
  ...SMALL,
  events: 20_000,
  organisations: 200,
  keys: 10_000,
  largeKeys: 5_000,
  audit: 5_000,
  alerts: 5_000,
};

async function installation(shape: Shape): Promise<Target> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-scale-"));
  const database = await testDatabase();
  const { settings } = await createInstallation(database, dir);
  afterAll(async () => {
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  });
  const { ownerUrl } = database;
  const untilMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const begun = await buildPolicy(settings, ownerUrl, shape, untilMs);
  await buildUsage(settings, ownerUrl, shape, begun);
  // Postgres reads small tables whole, which it does not do with large ones.
  await query(ownerUrl, `alter database ${new URL(ownerUrl).pathname.slice(1)} set enable_seqscan = off`);
  return openTarget({ settings, ownerUrl, nowMs: untilMs - 45 * 60_000 });
}

let small: Target;
let large: Target;
beforeAll(async () => {
  small = await installation(SMALL);
  large = await installation(LARGE);
});

/** A page of a hundred rows, each read by its index and once whole, and rows of joined tables. */
const LIST = 5 * 100;
/** A page of fifty requests, each found, read and named. */
const REQUESTS = 15 * 50;
/** Three days in slots of an hour or less, by eight models or five teams, once for the rank and once for the chart. */
const SPEND = 3 * 37 * 8 * 3;
/** The thousand highest keys of each finished day, however many there are, and the slots of the shown ones. */
const SPEND_BY_KEY = 2 * 1_000 + SPEND;
/** The slots of the open window that have the label. */
const LIMIT = 200;
/** The hours of the open window by provider, and rows of keys with refused calls. */
const ORGANISATION = 1_500;
const KEY = 100;

const FEW: Record<string, number> = {
  "Keys, first page": LIST,
  "Keys, deep page": LIST,
  "Audit, first page": LIST,
  "Alerts, first page": LIST,
  "Models, search": LIST,
  "Limits, search": LIST,
  "Spend, 30 days by model, UTC": SPEND,
  "Spend, 30 days by key, UTC": SPEND_BY_KEY,
  "Spend, 365 days by member, America/New_York": SPEND,
  "Spend, 30 days by team, Asia/Kathmandu": SPEND,
  "Spend, 30 days by provider, UTC": SPEND,
  "Requests, first page": REQUESTS,
  "Requests of a key": REQUESTS,
  "Requests, a customer without a match": REQUESTS,
  "Requests, a tag without a match": REQUESTS,
  "set a monthly limit of scope tag": LIMIT,
  "set a monthly limit of scope customer": LIMIT,
  "set a monthly limit of scope organisation": ORGANISATION,
  "create a key": KEY,
  "change a key": KEY,
};

const OPERATIONS: readonly Operation[] = [
  ...listOperations,
  ...reportOperations,
  ...requestOperations,
  ...changeOperations,
];

test.each(Object.entries(FEW))(
  "%s: reads few rows, also in an installation that is ten times as large",
  async (name, few) => {
    const operation = OPERATIONS.find((each) => each.name === name) ?? expect.unreachable(name);
    for (const target of [small, large]) {
      const read = await rowsOf(target, operation);
      expect(allRows(read)).toBeGreaterThan(0);
      expect(allRows(read), `read: ${JSON.stringify([...read])}`).toBeLessThanOrEqual(few);
    }
  },
);

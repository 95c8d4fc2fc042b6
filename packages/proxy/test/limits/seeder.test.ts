import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { untilSeeded } from "../../src/allowance/seeded-limits.ts";
import { createSeeder } from "../../src/allowance/seeder.ts";
import type { Ledger } from "../../src/directory/reader.ts";
import { id } from "../setup.ts";

interface Reading {
  orgIds: readonly Uuid[];
  answer(amount?: bigint): void;
  fail(): void;
}

let readings: Reading[];
let visits: number;
let stopping: AbortController;
beforeEach(() => {
  [readings, visits, stopping] = [[], 0, new AbortController()];
});
afterEach(() => stopping.abort());

const counterOf = (orgId: Uuid): string => `counter of ${orgId}`;

function setup() {
  const limits = untilSeeded(createMemoryStore({ now: Date.now }));
  const seeder = createSeeder({
    limits,
    reader: {
      ledger: (_spoolId, orgIds) =>
        new Promise((resolve, reject) => {
          readings.push({
            orgIds,
            fail: () => reject(new Error("Postgres is away")),
            answer: (amount = 7n) =>
              resolve({
                cursor: null,
                orgs: new Map(
                  orgIds.map((orgId) => [
                    orgId,
                    {
                      org: {} as OrgPolicy,
                      settled: { committed: new Map([[counterOf(orgId), amount]]), revision: 0, onDemand: new Set() },
                    },
                  ]),
                ),
              } satisfies Ledger),
          });
        }),
    },
    spool: {
      status: () => ({ spoolId: id() }) as never,
      healthy: () => true,
      async visitEnded(_from, _visit, last) {
        visits += 1;
        last();
      },
    },
    log: { info() {}, warn() {}, error() {} },
    stopping: stopping.signal,
  });
  return { limits, seeder, spent: (orgId: Uuid) => limits.read(orgId, [counterOf(orgId)])[0]?.committed };
}

const reading = (at: number): Promise<Reading> => waitFor(() => readings[at]);

test("only organisations with traffic are seeded: those that wait meanwhile in one reading of ledger and spool", async () => {
  const { limits, seeder, spent } = setup();
  const orgIds = Array.from({ length: 350 }, id);
  const [first = "", ...others] = orgIds;
  const seeded = seeder.want(first);
  const one = await reading(0);
  expect(one.orgIds).toEqual([first]);
  for (const orgId of [...others, ...others]) void seeder.want(orgId);
  one.answer();
  await seeded;
  expect([limits.isOpen(first), spent(first), limits.isOpen(others[0] ?? "")]).toEqual([true, 7n, false]);
  (await reading(1)).answer();
  (await reading(2)).answer();
  await waitFor(() => orgIds.every((orgId) => limits.isOpen(orgId)));
  expect(readings.map(({ orgIds: { length } }) => length)).toEqual([1, 200, 149]);
  expect(visits).toBe(3);
});

test("what was read before another process might have spent opens nothing, and is read again", async () => {
  const { limits, seeder, spent } = setup();
  const orgId = id();
  void seeder.want(orgId);
  const before = await reading(0);
  seeder.shut();
  before.answer();
  const after = await reading(1);
  expect(limits.isOpen(orgId)).toBe(false);
  after.answer(9n);
  await waitFor(() => limits.isOpen(orgId));
  expect(spent(orgId)).toBe(9n);
});

test("limits that change while an organisation is being seeded are in its counters at once, and it is seeded again", async () => {
  const { seeder, spent } = setup();
  const orgId = id();
  void seeder.want(orgId);
  const before = await reading(0);
  seeder.changed(orgId, { committed: new Map([[counterOf(orgId), 8n]]), revision: 1 });
  expect(spent(orgId)).toBe(8n);
  before.answer();
  (await reading(1)).answer(8n);
  await waitFor(() => spent(orgId) === 8n);
});

test("an organisation without traffic is not read when its limits change", () => {
  const { seeder } = setup();
  seeder.changed(id(), { committed: new Map(), revision: 1 });
  seeder.again();
  expect(readings).toEqual([]);
});

test("a ledger that cannot be read is tried again", async () => {
  const { limits, seeder } = setup();
  const orgId = id();
  void seeder.want(orgId);
  (await reading(0)).fail();
  (await reading(1)).answer();
  await waitFor(() => limits.isOpen(orgId));
});

import { counterKey } from "@tollgate/limits/counter-key";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import { query } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { countersOnDemand } from "../../src/allowance/counters-on-demand.ts";
import { seedLimits } from "../../src/allowance/seed-limits.ts";
import { untilSeeded } from "../../src/allowance/seeded-limits.ts";
import { openReader, type Reader } from "../../src/directory/reader.ts";
import { id } from "../setup.ts";

const RUNS = 50_000;
const [orgId, otherId] = [id(), id()];
const [ofRuns, ofCustomer, ofOrganisation, ofOthers] = [id(), id(), id(), id()];
let database: TestDatabase;
let reader: Reader;
let limits: ReturnType<typeof untilSeeded>;

const sql = (...statements: string[]) => query(database.ownerUrl, ...statements);

/** Rows of counters, and entries of their indexes, that were read so far. */
async function rowsRead(): Promise<number> {
  await sql("select pg_stat_force_next_flush()");
  const [row] = await sql(
    `select (select seq_tup_read from pg_stat_user_tables where relname = 'limit_counter')
       + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'limit_counter') as rows`,
  );
  return Number(row?.rows);
}

beforeAll(async () => {
  database = await testDatabase();
  const limit = (limitId: string, org: string, scope: string, subject: string | null, window: string) =>
    `insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds)
     values ('${limitId}', '${org}', '${scope}', ${subject ? `'${subject}'` : "null"}, 'requests', '${window}', 1000000, '{}')`;
  await sql(
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme'), ('${otherId}', 'other', 'Other')`,
    limit(ofRuns, orgId, "run", null, "total"),
    limit(ofCustomer, orgId, "customer", "c 1", "minute"),
    limit(ofOrganisation, orgId, "organisation", null, "month"),
    limit(ofOthers, otherId, "run", null, "total"),
    `insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     select '${orgId}', '${ofRuns}', 'run/' || n, to_timestamp(0), n from generate_series(1, ${RUNS}) as n`,
    // A minute of two weeks each, of which the last is open.
    `insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     select '${orgId}', '${ofCustomer}', 'c 1', date_trunc('minute', now()) - n * interval '1 minute', 2 from generate_series(0, 20000) as n`,
    `insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     values ('${orgId}', '${ofOrganisation}', '', date_trunc('month', now()), 7), ('${otherId}', '${ofOthers}', 'run/1', to_timestamp(0), 3)`,
    "analyze",
  );
});
beforeEach(() => {
  reader = openReader(database.proxyUrl);
  limits = untilSeeded(createMemoryStore({ now: Date.now, position: () => 100 }));
});
afterEach(() => reader.close());
afterAll(() => database.drop());

const spool = {
  status: () => ({ spoolId: id() }) as never,
  healthy: () => true,
  async visitEnded(_from: number, _visit: unknown, last: () => void) {
    last();
  },
};

const run = (subject: string, limitId = ofRuns) => counterKey(limitId, 0, subject);

async function seed(...orgIds: string[]) {
  await seedLimits(reader, spool, limits, orgIds, () => {
    for (const each of orgIds) limits.open(each);
  });
}

test("seeding reads a bounded number of counters, however many runs and minutes there are", async () => {
  const before = await rowsRead();
  await seed(orgId, otherId);
  expect((await rowsRead()) - before).toBeLessThanOrEqual(5_100);
  const missing = [run("run/1"), run("run/1", ofOthers)].map((counter) => limits.missing(orgId, [{ counter }]).length);
  expect(missing).toEqual([1, 0]);
  expect(limits.read(otherId, [run("run/1", ofOthers)])).toEqual([{ committed: 3n, held: 0n }]);
  const [month] = await sql("select extract(epoch from date_trunc('month', now()))::bigint * 1000 as ms");
  const ofMonth = counterKey(ofOrganisation, Number(month?.ms), "");
  expect(limits.read(orgId, [ofMonth])).toEqual([{ committed: 7n, held: 0n }]);
});

test("a run is read when it is first used, with what only the spool has, and until then no hold is made on it", async () => {
  await seed(orgId);
  const counter = run("run/40000");
  const entry = { limitId: ofRuns, counter, unit: "requests", mode: "block", amount: 1n, resetsAtMs: null } as const;
  expect(() => limits.hold(id(), orgId, [{ ...entry, cap: 40_002n }])).toThrow("not read yet");
  reader.keepLastGood(() => undefined);
  const { orgs } = await reader.ledger(id(), [orgId]);
  reader.keepLastGood((asked) => orgs.get(asked)?.org);
  const unshipped = usageEvent({ orgId, session: "run/40000" });
  const ofAnother = usageEvent({ orgId, session: "run/40001" });
  const read = countersOnDemand({
    reader,
    limits,
    stopping: new AbortController().signal,
    spool: {
      ...spool,
      async visitEnded(_from, visit, last) {
        visit(unshipped, 5);
        visit(ofAnother, 6);
        last();
      },
    },
  });
  const before = await rowsRead();
  await Promise.all([
    read({ orgId, counters: limits.missing(orgId, [{ counter }]) }),
    read({ orgId, counters: limits.missing(orgId, [{ counter }]) }),
    read({ orgId, counters: [run("run/never seen")] }),
  ]);
  expect((await rowsRead()) - before).toBeLessThanOrEqual(10);
  expect(limits.read(orgId, [counter])).toEqual([{ committed: 40_001n, held: 0n }]);
  expect(limits.missing(orgId, [{ counter: run("run/40001") }])).toEqual([run("run/40001")]);
  expect(limits.missing(orgId, [{ counter: run("run/never seen") }])).toEqual([]);
  const verdicts = [1, 2].map(() => limits.hold(id(), orgId, [{ ...entry, cap: 40_002n }]));
  expect(verdicts).toMatchObject([{ ok: true }, { ok: false, state: { committed: 40_001n, held: 1n } }]);
});

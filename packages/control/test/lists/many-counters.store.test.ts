import type { Context } from "@tollgate/control/context";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { rowsReadBy } from "./rows-read-by.ts";

const RUNS = 60_000;

let setup: TestSetup;
let owner: Context;

/** A limit on each run, and as many runs as a caller names. */
beforeAll(async () => {
  setup = await openTestSetup();
  owner = await setup.organisation();
  const limit = { scope: "run", subject: null, unit: "requests", window: "total", amount: "50" } as const;
  const { id } = await setLimit(owner, limit);
  await setLimit(owner, { ...limit, scope: "organisation" });
  await query(
    setup.database.ownerUrl,
    `insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     select '${owner.orgId}', '${id}', 'run ' || n, to_timestamp(0), 7 from generate_series(1, ${RUNS}) as n`,
    "analyze limit_counter",
  );
});

test.each(["-createdAt", "-used"] as const)(
  "the list in the order %s reads a bounded number of counters",
  async (sort) => {
    const { items } = await listLimits(owner, { sort });
    expect(items.map(({ spent }) => spent).sort()).toEqual(["0", "7"]);
    expect(await rowsReadBy(setup, owner, () => listLimits(owner, { sort }))).toBeLessThanOrEqual(3 * 10_000 + 200);
  },
);

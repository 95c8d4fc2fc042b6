import { randomBytes } from "node:crypto";
import type { Services } from "@tollgate/control/context";
import { sumTotals } from "@tollgate/control/rollups/sum-totals";
import { openDatabase } from "@tollgate/db/client";
import { openPool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { openLedger } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { idsIn, rowsOf } from "./probe.ts";
import { createTenant, type Tenant } from "./tenant.ts";

export interface TwoTenants {
  setup: TestSetup;
  /** The tenant that makes calls. */
  a: Tenant;
  /** The tenant of which nothing may be visible. */
  b: Tenant;
  /** One id of each of B's nouns. */
  foreign: readonly string[];
  /** The part of `shown` that belongs to B: its mark, or an id in its rows. */
  leak(shown: string): string | undefined;
  rowsOfB(): Promise<Record<string, string[]>>;
}

const DAY_MS = 86_400_000;

/** Two organisations that differ only in their texts, in a separate database. */
export async function openTwoTenants(): Promise<TwoTenants> {
  const setup = await openTestSetup();
  const ledger = openLedger(setup.database);
  const a = await createTenant(setup.services, ledger, "native");
  setup.clock.advance(1_000); // so that the ids of one tenant do not sort between those of the other
  const b = await createTenant(setup.services, ledger, `canary${randomBytes(4).toString("hex")}`);
  // No proxy runs: what an answer says about these tests must not change with time.
  await query(setup.database.ownerUrl, "update proxy_task set begin_by = asked_at, wait_until = asked_at");
  // Totals of the day with usage, which is over and was checked.
  await query(setup.database.ownerUrl, "delete from usage_touched");
  const pool = openPool({ connectionString: setup.database.ingestUrl });
  await sumTotals(pool, setup.clock.now() + DAY_MS, 60_000).finally(() => pool.end());
  // Only a worker writes these.
  await query(
    setup.database.ownerUrl,
    `insert into learnt_difference (org_id, credential_id, upstream_model, field)
      select distinct org_id, credential_id, upstream_model, 'temperature' from target`,
    "insert into usage_reshape select id, now()::date from organisation",
    "insert into usage_total_fill select id, to_timestamp(0) from organisation",
    "insert into usage_total_stale select id, date_trunc('day', now(), 'UTC') from organisation",
    "insert into usage_touched (org_id, hour, due_at) select id, date_trunc('hour', now()), now() from organisation",
  );
  const rowsOfB = () => rowsOf(setup.database.ownerUrl, b);
  const ids = idsIn(await rowsOfB());
  return {
    setup,
    a,
    b,
    // A verb that deletes a limit leaves the second one to the next such verb.
    foreign: [...Object.values(b.ids), b.spare.limit, b.orgId, ...personIds(b)],
    rowsOfB,
    leak: (shown) => (shown.includes(b.mark) ? b.mark : [...ids].find((id) => shown.includes(id))),
  };
}

const personIds = ({ roles: { owner } }: Tenant): string[] =>
  owner.actor.kind === "user" ? [owner.actor.userId, owner.actor.memberId] : [];

/** The contexts of the same organisation with other services. */
export const onServices = (tenant: Tenant, services: Services): Tenant => ({
  ...tenant,
  roles: Object.fromEntries(
    Object.entries(tenant.roles).map(([role, ctx]) => [role, { ...ctx, services }]),
  ) as Tenant["roles"],
});

/** Connects as the superuser, to whom row security does not apply. */
export const withoutRowSecurity = ({ services, database }: TestSetup): Services => ({
  ...services,
  db: openDatabase({ connectionString: database.ownerUrl }),
});

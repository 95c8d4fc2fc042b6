import { randomBytes } from "node:crypto";
import type { Services } from "@tollgate/control/context";
import { openDatabase } from "@tollgate/db/client";
import { openLedger } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { idsIn, rowsOf } from "./probe.ts";
import { foundTenant, type Tenant } from "./tenant.ts";

export interface TwoTenants {
  setup: TestSetup;
  /** Who asks. */
  a: Tenant;
  /** Whose nothing may be seen. */
  b: Tenant;
  /** An id of each of B's nouns. */
  foreign: readonly string[];
  /** What of `told` is B's: its word, or any id in its rows. */
  leak(told: string): string | undefined;
  rowsOfB(): Promise<Record<string, string[]>>;
}

/** Two organisations alike in everything but their words, in a database of their own. */
export async function openTwoTenants(): Promise<TwoTenants> {
  const setup = await openTestSetup();
  const ledger = openLedger(setup.database);
  const a = await foundTenant(setup.services, ledger, "native");
  setup.clock.advance(1_000); // so that no two ids of theirs are of one instant, and none sorts between the other's
  const b = await foundTenant(setup.services, ledger, `canary${randomBytes(4).toString("hex")}`);
  const rowsOfB = () => rowsOf(setup.database.ownerUrl, b);
  const ids = idsIn(await rowsOfB());
  return {
    setup,
    a,
    b,
    foreign: [...Object.values(b.ids), b.orgId, ...personIds(b)],
    rowsOfB,
    leak: (told) => (told.includes(b.mark) ? b.mark : [...ids].find((id) => told.includes(id))),
  };
}

const personIds = ({ roles: { owner } }: Tenant): string[] =>
  owner.actor.kind === "user" ? [owner.actor.userId, owner.actor.memberId] : [];

/** The same organisation's contexts, on other services. */
export const onServices = (tenant: Tenant, services: Services): Tenant => ({
  ...tenant,
  roles: Object.fromEntries(
    Object.entries(tenant.roles).map(([role, ctx]) => [role, { ...ctx, services }]),
  ) as Tenant["roles"],
});

/** As the server's superuser, whom no row security binds. */
export const withoutRowSecurity = ({ services, database }: TestSetup): Services => ({
  ...services,
  db: openDatabase({ connectionString: database.ownerUrl }),
});

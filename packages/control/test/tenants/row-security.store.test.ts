import { randomUUID } from "node:crypto";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { type Call, isRead, make, ownCalls } from "./probe.ts";
import { openTwoTenants, type TwoTenants } from "./two-tenants.ts";

/** No verb reads these, so verbs cannot notice a missing policy. The catalog test of `db` does. */
const UNREAD = [
  "idempotent_request",
  "key_secret",
  "sign_in_failure",
  "usage_label",
  "usage_total_fill",
  // Read by every report, but they only say which tables the figures come from.
  "usage_total_stale",
  "usage_touched",
  "usage_value",
  "usage_value_month",
];

/**
 * Verbs whose answers are the same for every tenant: the catalogue is public, and so is whether a chain of hashes is intact.
 * A tenant without periods of its own has those of the installation.
 */
const TELL_NOTHING = ["catalogue.providers", "catalogue.models", "audit.verify", "retention.get"];

/** Search in a function of the database, which compares the organisation with the proven tenant itself. */
const IN_A_FUNCTION = ["usage.requests"];

let tenants: TwoTenants;
let calls: Call[];

beforeAll(async () => {
  tenants = await openTwoTenants();
  // A verb that reads the audit log would append these to it, so they are deleted first.
  await query(tenants.setup.database.ownerUrl, "delete from sign_in_failure");
  calls = ownCalls(tenants.b).filter(({ role }) => role === "owner");
});

/**
 * Every query of every verb names the other organisation. Returns the answers,
 * while the proof of the transaction is that of A.
 */
async function askFor(orgId: string, asked = calls): Promise<string[]> {
  const shown: string[] = [];
  for (const call of asked) {
    const outcome = await make({ ...tenants.a.roles.owner, orgId }, call);
    shown.push(`${call.verb.verb} ${outcome.shown.replaceAll(orgId, "<organisation>")}`);
  }
  return shown;
}

describe("row security alone", () => {
  let ofRandomId: string[];
  beforeAll(async () => {
    ofRandomId = await askFor(randomUUID());
  });

  test("makes another organisation look like an unknown one to every verb that names it", async () => {
    const before = await tenants.rowsOfB();
    const shown = await askFor(tenants.b.orgId);
    expect(shown).toEqual(ofRandomId);
    expect(shown.filter((text) => tenants.leak(text.slice(text.indexOf(" "))))).toEqual([]);
    expect(await tenants.rowsOfB()).toEqual(before);
  });
});

describe("with all other policies open", () => {
  const reads = () => calls.filter(({ verb }) => isRead(verb));
  const policies = () =>
    query<{ table: string; policy: string; qual: string }>(
      tenants.setup.database.ownerUrl,
      `SELECT tablename AS table, policyname AS policy, qual FROM pg_policies
       WHERE policyname IN ('tenant', 'colleague') ORDER BY 1`,
    );
  const alter = (policy: { table: string; policy: string }, qual: string) =>
    query(tenants.setup.database.ownerUrl, `ALTER POLICY ${policy.policy} ON ${policy.table} USING (${qual})`);

  test("each policy hides its own table: these tests notice if it is missing", async () => {
    const policiesInForce = await policies();
    for (const policy of policiesInForce) await alter(policy, "true");
    const all = await askFor(tenants.b.orgId, reads());
    expect(new Set(all.filter((text) => tenants.leak(text)).map((text) => text.split(" ")[0]))).toEqual(
      new Set(
        reads()
          .map(({ verb }) => verb.verb)
          .filter((name) => ![...TELL_NOTHING, ...IN_A_FUNCTION].includes(name)),
      ),
    );
    const missed: string[] = [];
    for (const policy of policiesInForce) {
      await alter(policy, policy.qual);
      const shown = await askFor(tenants.b.orgId, reads());
      if (shown.some((text, at) => text !== all[at])) missed.push(policy.table);
      await alter(policy, "true");
    }
    for (const policy of policiesInForce) await alter(policy, policy.qual);
    expect(missed).toEqual(policiesInForce.map(({ table }) => table).filter((table) => !UNREAD.includes(table)));
  });
});

import { createHash } from "node:crypto";
import { query } from "@tollgate/testkit/cluster";

export const ROLL_UPS = [
  "usage_minute",
  "usage_hour",
  "usage_day",
  "usage_group",
  "usage_attribution_hour",
  "usage_attribution_day",
  "usage_latency",
] as const;
const TABLES = ["usage_event", "limit_counter", ...ROLL_UPS];

/** A fingerprint of each table with amounts. It does not depend on the order of the rows. */
export async function ledgerState(ownerUrl: string): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const table of TABLES) {
    const rows = await query<{ row: string }>(
      ownerUrl,
      `select md5(t::text) as row from (select * from ${table}) as t order by 1`,
    );
    const hash = createHash("sha256");
    for (const { row } of rows) hash.update(row);
    state[table] = `${rows.length} rows ${hash.digest("hex").slice(0, 12)}`;
  }
  return state;
}

/** Names of the tables that differ. */
export const differing = (one: Record<string, string>, other: Record<string, string>): string[] =>
  Object.keys(one).filter((table) => one[table] !== other[table]);

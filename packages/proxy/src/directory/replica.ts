import type { PoolClient } from "@tollgate/db/pool";
import { z } from "zod";
import type { LogPosition } from "./changes.ts";

/** Changes whose visibility is asked for one by one. Beyond that the replica is not asked. */
const SEEN_MAX = 1_000;

// A replica shows no transaction that it has not replayed. Those before the horizon have all ended, so it has replayed them if its
// own horizon is as far. Its list of running transactions is not reliable, so later ones are looked for by their rows.
const FOLLOWS = `
  select pg_snapshot_xmin(s) >= $1::xid8
    and not exists (
      select from unnest($2::text[]) as t (x)
      where x::xid8 >= pg_snapshot_xmin(s) and not exists (select from directory_change where transaction = x::xid8)
    )
    and ($3::bigint < (select min(revision) from directory_change)
      or exists (select from directory_change where revision = $3 and transaction = $4::xid8)) as follows
  from pg_current_snapshot() as s`;
const Follows = z.object({ follows: z.boolean() });

/**
 * Whether this transaction sees all changes up to a position of the log; never if the position is not known. An answer from
 * before would bring back a key that was revoked.
 */
export async function followsTo(client: PoolClient, position: LogPosition | null): Promise<boolean> {
  if (!position || position.seen.size > SEEN_MAX) return false;
  const { horizon, seen, last } = position;
  const transactions = [...new Set([...seen.values()].map(String))];
  const asked = [horizon.toString(), transactions, last.revision, last.transaction.toString()];
  return Follows.parse((await client.query(FOLLOWS, asked)).rows[0]).follows;
}

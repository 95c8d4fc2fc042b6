import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import { z } from "zod";

/** One row of the log of policy changes. `kind`: `organisation`, `key`, `member`, `counters` or `all`. */
export interface PolicyChange {
  revision: string;
  transaction: bigint;
  organisation: Uuid;
  kind: string;
  /** The public id of a key, the id of a member. */
  subject: string;
}

/** The position up to which the log was read. */
export interface LogPosition {
  /** All transactions with a lower id have ended, and their changes were read. */
  horizon: bigint;
  /** The changes after it that were already read: revision → transaction id. */
  seen: ReadonlyMap<string, bigint>;
  /** The change with the highest revision that was read. */
  last: { revision: string; transaction: bigint };
}

export interface LogPage {
  /** Null: the log does not continue at that position, for example because the database was restored. */
  changes: PolicyChange[] | null;
  position: LogPosition;
  /** There may be more changes. */
  isFull: boolean;
  /** At least one organisation has a blocking limit. */
  blocks: boolean;
}

export const PAGE_ROWS = 5_000;

const Xid = z.string().regex(/^\d+$/).transform(BigInt);
const Head = z.object({
  horizon: Xid,
  next: Xid,
  blocks: z.boolean(),
  last_revision: z.string(),
  last_transaction: Xid,
  continues: z.boolean(),
});
const Change = z.object({
  revision: z.string(),
  transaction: Xid,
  organisation: z.uuid(),
  kind: z.string(),
  subject: z.string(),
});

// The position uses transaction ids, because a transaction with a lower revision may be committed later. A transaction that had
// not ended at the last read has an id at or above the horizon of that read.
const HEAD = `
  select pg_snapshot_xmin(s)::text as horizon, pg_snapshot_xmax(s)::text as next, b.blocks,
    l.revision::text as last_revision, l.transaction::text as last_transaction,
    $1::bigint is null or $1 < (select min(revision) from directory_change)
      or exists (select from directory_change where revision = $1 and transaction = $2::xid8) as continues
  from pg_current_snapshot() as s, directory_blocking as b,
    (select revision, transaction from directory_change order by revision desc limit 1) as l`;
const CHANGES = `
  select revision::text, transaction::text, organisation, kind, subject from directory_change
  where transaction >= $1::xid8 and revision <> all ($2::bigint[]) order by revision limit ${PAGE_ROWS}`;

/** The changes committed since `from`; null at the first read. Run it in a transaction with one snapshot. */
export async function readChanges(client: PoolClient, from: LogPosition | null): Promise<LogPage> {
  const asked = [from?.last.revision ?? null, from?.last.transaction.toString() ?? null];
  const head = Head.parse((await client.query(HEAD, asked)).rows[0]);
  const { horizon, blocks } = head;
  const last = { revision: head.last_revision, transaction: head.last_transaction };
  const after = async (start: bigint, but: string[]): Promise<PolicyChange[]> =>
    (await client.query(CHANGES, [start.toString(), but])).rows.map((row) => Change.parse(row));
  if (!from || !head.continues || head.next < from.horizon) {
    // Everything that is read from now on contains these changes.
    const seen = new Map((await after(horizon, [])).map(({ revision, transaction }) => [revision, transaction]));
    return { changes: from ? null : [], position: { horizon, seen, last }, isFull: false, blocks };
  }
  const changes = await after(from.horizon, [...from.seen.keys()]);
  const isFull = changes.length === PAGE_ROWS;
  // If the page is full, some transactions before the horizon may be in the next page.
  const reached = isFull ? from.horizon : horizon;
  const seen = new Map([...from.seen].filter(([, transaction]) => transaction >= reached));
  for (const { revision, transaction } of changes) if (transaction >= reached) seen.set(revision, transaction);
  return { changes, position: { horizon: reached, seen, last }, isFull, blocks };
}

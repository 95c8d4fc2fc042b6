import type { PoolClient } from "@tollgate/db/pool";

export interface Cursor {
  /** Everything before it is in the ledger. */
  position: bigint;
  /** Ranges `[from, to)` after the position that are in the ledger: ascending, not touching. */
  pending: [bigint, bigint][];
}

/** Adds the range `[from, to)`; ranges may overlap, repeat and come in any order. */
export function advance({ position, pending }: Cursor, from: bigint, to: bigint): Cursor {
  const ranges = [...pending, [from, to] as [bigint, bigint]].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const ahead: [bigint, bigint][] = [];
  let reached = position;
  for (const [start, end] of ranges) {
    const last = ahead.at(-1);
    if (start <= reached) {
      if (end > reached) reached = end;
    } else if (last && start <= last[1]) {
      if (end > last[1]) last[1] = end;
    } else ahead.push([start, end]);
  }
  return { position: reached, pending: ahead };
}

interface Batch {
  spoolId: string;
  /** Null: it does not move the cursor. */
  range: { from: bigint; to: bigint } | null;
}

async function advanceCursor(client: PoolClient, spoolId: string, batches: readonly Batch[]): Promise<void> {
  const { rows } = await client.query(
    `insert into spool_cursor (spool_id) values ($1)
     on conflict (spool_id) do update set updated_at = now()
     returning position, pending`,
    [spoolId],
  );
  const known: Cursor = {
    position: BigInt(rows[0].position),
    pending: (rows[0].pending as [string, string][]).map(([start, end]) => [BigInt(start), BigInt(end)]),
  };
  const { position, pending } = batches.reduce(
    (cursor, { range }) => (range ? advance(cursor, range.from, range.to) : cursor),
    known,
  );
  await client.query("update spool_cursor set position = $2, pending = $3 where spool_id = $1", [
    spoolId,
    position.toString(),
    JSON.stringify(pending.map((range) => range.map(String))),
  ]);
}

/** Locks the rows of the spools, in the order of their ids, so call it last in the transaction. */
export async function advanceCursors(client: PoolClient, batches: readonly Batch[]): Promise<void> {
  const bySpool = Map.groupBy(
    batches.filter(({ range }) => range !== null),
    ({ spoolId }) => spoolId,
  );
  for (const [spoolId, ranges] of [...bySpool].sort(([a], [b]) => (a < b ? -1 : 1)))
    await advanceCursor(client, spoolId, ranges);
}

import { query } from "@tollgate/testkit/cluster";
import { waitFor } from "@tollgate/testkit/wait-for";

/** Rows that were read, by table. */
export type RowsRead = ReadonlyMap<string, number>;

const OTHERS =
  "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";

/** Rows that scans have read from tables, and entries that they have read from indexes. Neither counts what maintenance reads. */
const READ = `
  select regexp_replace(relname, '_[0-9]{8}$', '') as "table", sum(rows)::bigint as rows from (
    select relname, coalesce(seq_tup_read, 0) as rows from pg_stat_user_tables
    union all
    select relname, idx_tup_read from pg_stat_user_indexes
  ) as read group by 1 having sum(rows) > 0`;

/** Waits until no other session is connected: a session reports what it has read at its end. */
async function rowsSoFar(ownerUrl: string): Promise<RowsRead> {
  await waitFor(async () => (await query(ownerUrl, OTHERS)).length === 0);
  const rows = await query<{ table: string; rows: string }>(ownerUrl, READ);
  return new Map(rows.map(({ table, rows }) => [table, Number(rows)]));
}

/**
 * Rows and index entries that `work` reads in the database, exactly and in all its statements, functions and triggers. `work` must
 * close its connections, and no other session may be connected.
 */
export async function rowsRead(ownerUrl: string, work: () => Promise<unknown>): Promise<RowsRead> {
  const before = await rowsSoFar(ownerUrl);
  await work();
  const after = await rowsSoFar(ownerUrl);
  const added = [...after].map(([table, rows]): [string, number] => [table, rows - (before.get(table) ?? 0)]);
  return new Map(added.filter(([, rows]) => rows > 0).sort(([, a], [, b]) => b - a));
}

export const allRows = (read: RowsRead): number => [...read.values()].reduce((sum, rows) => sum + rows, 0);

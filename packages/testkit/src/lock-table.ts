import pg from "pg";

/** Keeps everybody else out of a table, as a migration or a dump gone wrong would. Resolves to what lets go of it. */
export async function lockTable(ownerUrl: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  return () => client.end();
}

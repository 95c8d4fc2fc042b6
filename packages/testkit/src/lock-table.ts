import pg from "pg";

/** Locks a table exclusively, as a migration or a dump might. Resolves to a function that releases the lock. */
export async function lockTable(ownerUrl: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  return () => client.end();
}

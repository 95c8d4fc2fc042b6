import type { Database } from "./client.ts";
import { CLIENT } from "./client-key.ts";

/** Rejects when Postgres does not answer, or not to this role. */
export async function ping(db: Database): Promise<void> {
  await db[CLIENT].$queryRaw`SELECT 1`;
}

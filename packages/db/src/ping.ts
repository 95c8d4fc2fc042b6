import type { Database } from "./client.ts";
import { CLIENT } from "./client-key.ts";

/** Rejects if Postgres does not answer or refuses this role. */
export async function ping(db: Database): Promise<void> {
  await db[CLIENT].$queryRaw`SELECT 1`;
}

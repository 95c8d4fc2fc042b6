import type { Pool } from "@tollgate/db/pool";
import { raise } from "../alerts/raise.ts";
import type { Difference } from "../rollups/difference.ts";

interface Found {
  /** Id of the maintenance request that found them. */
  id: string;
  orgId: string;
  since: Date;
}

/** Alerts an organisation whose roll-ups or counters differed from the events. */
export async function alertDifferences(
  pool: Pool,
  { id, orgId, since }: Found,
  differences: readonly Difference[],
): Promise<void> {
  if (differences.length === 0) return;
  const rows = differences.reduce((sum, difference) => sum + difference.rows, 0);
  const tables = [...new Set(differences.map(({ table }) => table))];
  const facts = { kind: "ledger" as const, maintenanceId: id, bookkeepingId: id, rows, tables };
  await raise(pool, [{ orgId, subject: id, windowStart: since, facts }]);
}

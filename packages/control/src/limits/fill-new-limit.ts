import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { fillSql } from "../ledger/fill-counters.ts";
import { rollUpCounters } from "../ledger/roll-up-counters.ts";
import { readKept } from "../rollups/kept.ts";
import { RESHAPES } from "../rollups/reshape-state.ts";
import type { Clock, LimitRow } from "./present.ts";

const FILL_MS = 800;
const CANCELED = "57014";

/** Prisma keeps the code of a failed raw query in `meta`. */
const isCanceled = (error: unknown): boolean => error instanceof Error && JSON.stringify(error).includes(CANCELED);

const STATE = sql`select ${RESHAPES} as reshapes, current_setting('statement_timeout') as timeout`;

/**
 * Fills the counters of a new limit's open window from roll-ups. False if they cannot tell, or not within a second: then a
 * job does it (`fill-limits`), which also adds what is being ingested right now.
 */
export async function fillNewLimit(tx: Tx, row: LimitRow, clock: Clock): Promise<boolean> {
  const [state] = await tx.$queryRaw<{ reshapes: boolean; timeout: string }[]>(STATE);
  const read = (query: Sql) => tx.$queryRaw<{ covers: boolean }[]>(query);
  const counters = state?.reshapes ? null : await rollUpCounters(read, row, clock, await readKept(tx, row.orgId));
  if (!state || !counters) return false;
  await tx.$executeRaw`savepoint fill`;
  try {
    await tx.$executeRaw(sql`select set_config('statement_timeout', ${`${FILL_MS}ms`}, true)`);
    await tx.$executeRaw(fillSql(counters));
  } catch (error) {
    if (!isCanceled(error)) throw error;
    await tx.$executeRaw`rollback to savepoint fill`;
    return false;
  }
  await tx.$executeRaw`select set_config('statement_timeout', ${state.timeout}, true)`;
  await tx.organisation.update({ where: { id: row.orgId }, data: { countersRevision: { increment: 1 } } });
  return true;
}

/** Maximum number of limits that are filled at once when several are set together, and the time for it. */
const FILLED_MAX = 100;
const FILL_ALL_MS = 2_000;

/** {@link fillNewLimit} for limits that are set together. Returns the ids of those that were filled; the job fills the others. */
export async function fillNewLimits(tx: Tx, rows: readonly LimitRow[], clock: Clock): Promise<Set<string>> {
  const filled = new Set<string>();
  const untilMs = performance.now() + FILL_ALL_MS;
  for (const row of rows.filter(({ unit }) => unit !== "concurrent").slice(0, FILLED_MAX)) {
    if (performance.now() > untilMs) break;
    if (await fillNewLimit(tx, row, clock)) filled.add(row.id);
  }
  const where = { orgId: rows[0]?.orgId ?? "", id: { in: [...filled] } };
  if (filled.size > 0) await tx.limit.updateMany({ where, data: { filling: "correct" } });
  return filled;
}

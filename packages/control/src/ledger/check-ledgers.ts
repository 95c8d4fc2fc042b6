import { uuidV7 } from "@tollgate/contracts/ids";
import type { Pool } from "@tollgate/db/pool";
import type { Difference } from "../rollups/difference.ts";
import { alertDifferences } from "./alert-differences.ts";
import { checkTouched, checkWhole } from "./check-organisation.ts";
import { takeTouched } from "./touched-hours.ts";

/** Number of checks at the same time. With more, ingest would wait for connections, because both use the same pool. */
const AT_ONCE = 2;

export interface Checking {
  nowMs: number;
  /** Organisations that are due before this instant are checked. */
  dueMs?: number;
  /** Milliseconds after which no further check begins. Default: no bound. */
  forMs?: number;
}

export interface Checked {
  organisations: number;
  /** Organisations that had differences, which were corrected. */
  corrected: { orgId: string; differences: Difference[] }[];
}

/** The organisation whose daily check is due; if that check fails, another process begins it ten minutes later. */
const TAKE_WHOLE = `
  update ledger_check set due_at = $1::timestamptz + interval '10 minutes' where org_id = (
    select org_id from ledger_check where due_at <= $1 order by due_at limit 1 for update skip locked
  ) returning org_id as "orgId"`;

const FOUND = `
  insert into ledger_maintenance (id, org_id, kind, since, until, done_at, differences)
  values ($1, $2, 'reconcile', least($3, now()), now(), clock_timestamp(), $4)`;

/** Differences are recorded like those of a requested reconciliation, and alerted. */
async function record(pool: Pool, orgId: string, differences: readonly Difference[], nowMs: number): Promise<void> {
  const id = uuidV7(Date.now());
  const days = differences.flatMap(({ day }) => (day === null ? [] : [Date.parse(day)]));
  const since = new Date(Math.min(nowMs, ...days));
  await pool.query(FOUND, [id, orgId, since, JSON.stringify(differences)]);
  await alertDifferences(pool, { id, orgId, since }, differences);
}

interface Turn {
  orgId: string;
  check: () => Promise<Difference[]>;
}

async function nextTurn(pool: Pool, nowMs: number, dueMs: number): Promise<Turn | null> {
  const touched = await takeTouched(pool, dueMs);
  if (touched) return { orgId: touched.orgId, check: () => checkTouched(pool, touched, nowMs) };
  const { rows } = await pool.query<{ orgId: string }>(TAKE_WHOLE, [new Date(dueMs)]);
  const orgId = rows[0]?.orgId;
  return orgId ? { orgId, check: () => checkWhole(pool, orgId, nowMs, dueMs) } : null;
}

/**
 * Checks the organisations that are due: every hour what was written since the last check, every day all of yesterday and
 * today. Turns are spread over the hour and the day. Any number of processes can run it; one that is killed leaves the rest
 * to the others. A failed check does not stop the others; all failures are thrown together at the end.
 */
export async function checkLedgers(
  pool: Pool,
  { nowMs, dueMs = nowMs, forMs = Number.POSITIVE_INFINITY }: Checking,
): Promise<Checked> {
  const untilMs = performance.now() + forMs;
  const checked: Checked = { organisations: 0, corrected: [] };
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const turn = await nextTurn(pool, nowMs, dueMs);
      if (!turn) return;
      try {
        const differences = await turn.check();
        if (differences.length > 0) {
          await record(pool, turn.orgId, differences, nowMs);
          checked.corrected.push({ orgId: turn.orgId, differences });
        }
      } catch (error) {
        failures.push(error);
      }
      checked.organisations += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} checks of ledgers failed`);
  return checked;
}

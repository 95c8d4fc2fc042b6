import type { Pool } from "@tollgate/db/pool";
import { compareDay, rebuildDay } from "./books-of-a-day.ts";
import { reconcileLimits } from "./books-of-limits.ts";
import type { Bookkeeping, Difference } from "./books-schemas.ts";
import { SLOT_MS, utcDayStart } from "./slots.ts";

interface Asked {
  id: string;
  orgId: string;
  kind: Bookkeeping["kind"];
  since: Date;
  until: Date;
}

export interface Kept extends Omit<Asked, "id"> {
  differences: Difference[];
}

/** Yesterday and today, UTC, of whoever was not reconciled in this hour. */
const ASK_HOURLY = `
  insert into bookkeeping (id, org_id, kind, since, until)
  select gen_random_uuid(), o.id, 'reconcile', date_trunc('day', now()) - interval '1 day', now()
  from organisation as o
  where not exists (
    select from bookkeeping as b
    where b.org_id = o.id and b.kind = 'reconcile' and b.asked_at > now() - interval '1 hour'
  )`;

const WAITING = `
  select id, org_id as "orgId", kind, since, until from bookkeeping where done_at is null order by asked_at limit 1000`;

async function keep(pool: Pool, { orgId, kind, since, until }: Asked, nowMs: number): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (let fromMs = utcDayStart(since.getTime()); fromMs < until.getTime(); fromMs += SLOT_MS.day) {
    const day = { orgId, fromMs };
    const differing = await compareDay(pool, day);
    if (kind === "rebuild" || differing.length > 0) await rebuildDay(pool, day);
    differences.push(...differing);
  }
  differences.push(...(await reconcileLimits(pool, orgId, nowMs)));
  return differences;
}

/**
 * Does what was asked of the books of all organisations. Idempotent, and nothing is in the way of ingest but the moment
 * in which a day is made again. Throws at the end when one's books could not be kept; the others' are.
 */
export async function keepBooks(pool: Pool, nowMs: number): Promise<Kept[]> {
  await pool.query(ASK_HOURLY);
  const { rows } = await pool.query<Asked>(WAITING);
  const kept: Kept[] = [];
  const failures: unknown[] = [];
  for (const { id, ...asked } of rows) {
    try {
      const differences = await keep(pool, { id, ...asked }, nowMs);
      const values = [id, JSON.stringify(differences)];
      await pool.query("update bookkeeping set done_at = now(), differences = $2 where id = $1", values);
      kept.push({ ...asked, differences });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} books could not be kept`);
  return kept;
}

import type { Pool } from "@tollgate/db/pool";
import type { Producer } from "@tollgate/jobs/producer";

/** Longer than all attempts of a job. If a delivery still waits after that, the queue has lost it. */
const LOST_AFTER = "30 minutes";
const BATCH_MAX = 200;

const WAITING = `
  select id, attempts from alert_delivery
  where state = 'waiting' and (handed_at is null or handed_at < now() - interval '${LOST_AFTER}')
  order by handed_at nulls first limit ${BATCH_MAX}`;

/**
 * Enqueues deliveries that are not in the queue. Returns their number. The job ids are made from the ids of deliveries, so
 * concurrent or interrupted runs add no second job.
 */
export async function handOut(pool: Pool, jobs: Pick<Producer, "enqueue">): Promise<number> {
  const { rows } = await pool.query<{ id: string; attempts: number }>(WAITING);
  for (const { id, attempts } of rows) {
    await jobs.enqueue("alerts.deliver", { deliveryId: id }, `${id}-${attempts}`);
    await pool.query("update alert_delivery set handed_at = now() where id = $1", [id]);
  }
  return rows.length;
}

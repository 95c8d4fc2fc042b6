import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Pool } from "@tollgate/db/pool";
import { REQUESTS_DAYS_MIN } from "../retention/schemas.ts";
import { eventsSinceMs } from "../rollups/events-since.ts";

export interface Split {
  current: UsageEvent[];
  expired: UsageEvent[];
}

const isOld = ({ id }: UsageEvent, nowMs: number): boolean => nowMs - uuidTimeMs(id) > REQUESTS_DAYS_MIN * 86_400_000;

/**
 * Separates events from before their organisation's requests were deleted. Nothing can tell whether they were counted then, so
 * they must not be counted again. Only events older than the shortest retention cost a query.
 */
export async function splitExpired(pool: Pool, events: UsageEvent[], nowMs: number): Promise<Split> {
  const split: Split = { current: [], expired: [] };
  if (!events.some((event) => isOld(event, nowMs))) return { ...split, current: events };
  const sinceMs = new Map<string, number>();
  for (const event of events) {
    if (isOld(event, nowMs) && !sinceMs.has(event.orgId))
      sinceMs.set(event.orgId, await eventsSinceMs(pool, event.orgId));
    const isExpired = uuidTimeMs(event.id) < (sinceMs.get(event.orgId) ?? Number.NEGATIVE_INFINITY);
    split[isExpired ? "expired" : "current"].push(event);
  }
  return split;
}

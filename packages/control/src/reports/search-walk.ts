import { type Uuid, uuidFloor, uuidTimeMs } from "@tollgate/contracts/ids";
import { SLOT_MS } from "../rollups/slots.ts";

/** Requests with ids in `[since, before)`. */
export interface Slice {
  since: Uuid;
  before: Uuid;
  /** At most this many ids. */
  wanted: number;
  withinMs: number;
}

export interface Walk {
  /** Exclusive; where the walk begins. */
  before: Uuid;
  /** The time of the newest requests. Ids can be newer, if a proxy's clock is ahead. */
  nowMs: number;
  /** Where it ends. */
  fromMs: number;
  wanted: number;
  /** Ids of a slice, newest first; null if they could not be read within the given time. */
  read: (slice: Slice) => Promise<Uuid[] | null>;
  /** Milliseconds since the search began. */
  elapsedMs: () => number;
}

export interface Walked {
  ids: Uuid[];
  /** Null: enough rows were found, or the end was reached. Otherwise the time is over, and older requests were not searched. */
  stopped: { before: Uuid; atMs: number } | null;
}

/** A page with rows is shown after this time, even if it could hold more. A page without rows may take longer. */
export const DEADLINE_MS = { withRows: 150, withoutRows: 800 } as const;

const FIRST_SPAN_MS = SLOT_MS.hour;
const [SPAN_MIN_MS, SPAN_MAX_MS] = [1, 64 * SLOT_MS.day];
const GROWTH_MAX = 8;
/** After a slice that took too long, the next one is this many times shorter. */
const SHRINK = 16;
/** The part of the remaining time that one slice may take, so that a shorter one can follow. */
const SHARE = 0.4;
const SLICE_MIN_MS = 50;

/**
 * Searches from newest to oldest in slices. A slice is as long as the time of the slice before lets expect, so that any filter
 * on any number of requests keeps to the deadline.
 */
export async function walkBack({ before, nowMs, fromMs, wanted, read, elapsedMs }: Walk): Promise<Walked> {
  const ids: Uuid[] = [];
  let [high, highMs, spanMs] = [before, Math.min(uuidTimeMs(before), nowMs), FIRST_SPAN_MS];
  while (high > uuidFloor(fromMs)) {
    const startedMs = elapsedMs();
    const leftMs = (ids.length > 0 ? DEADLINE_MS.withRows : DEADLINE_MS.withoutRows) - startedMs;
    if (leftMs <= 0) return { ids, stopped: { before: high, atMs: highMs } };
    const sinceMs = Math.max(highMs - spanMs, fromMs);
    const since = uuidFloor(sinceMs);
    const withinMs = Math.ceil(Math.max(leftMs * SHARE, SLICE_MIN_MS));
    const found = await read({ since, before: high, wanted: wanted - ids.length, withinMs });
    if (found === null) {
      spanMs = Math.max(Math.floor((highMs - sinceMs) / SHRINK), SPAN_MIN_MS);
      continue;
    }
    ids.push(...found);
    if (ids.length >= wanted) return { ids, stopped: null };
    const tookMs = elapsedMs() - startedMs;
    const growth = Math.min((leftMs * SHARE) / 2 / Math.max(tookMs, 1), GROWTH_MAX);
    spanMs = Math.min(Math.max(Math.floor((highMs - sinceMs) * growth), SPAN_MIN_MS), SPAN_MAX_MS);
    [high, highMs] = [since, sinceMs];
  }
  return { ids, stopped: null };
}

import { type Uuid, uuidFloor, uuidTimeMs } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { isCancelled } from "../failure.ts";
import { SLOT_MS } from "../rollups/slots.ts";
import type { RequestFilter } from "./request-filter.ts";
import { type Slice, type Walked, walkBack } from "./search-walk.ts";

export interface Search {
  filter: RequestFilter;
  /** Exclusive. */
  cursor?: Uuid | undefined;
  fromMs?: number | undefined;
  /** Exclusive. */
  toMs?: number | undefined;
  wanted: number;
}

export interface Asker {
  orgId: string;
  services: Pick<Services, "now" | "monotonicMs">;
}

/** Proxies whose clock is ahead may record requests of up to two days later. */
const NEWEST_MS = 3 * SLOT_MS.day;

/** The first day of the ledger that still exists. */
const OLDEST_DAY = `
  select extract(epoch from to_date(right(min(c.relname), 8), 'YYYYMMDD'))::float8 * 1000 as "atMs"
  from pg_inherits as i join pg_class as c on c.oid = i.inhrelid where i.inhparent = 'usage_event'::regclass`;

/** Reads slices. If one takes too long, the transaction goes on from here; nothing was written in it. */
async function sliceReader(tx: Tx, orgId: string, filter: RequestFilter) {
  await tx.$executeRaw`savepoint search`;
  return async ({ since, before, wanted, withinMs }: Slice): Promise<Uuid[] | null> => {
    try {
      await tx.$executeRaw`select set_config('statement_timeout', ${`${withinMs}ms`}, true)`;
      const rows = await tx.$queryRaw<{ id: Uuid }[]>`
        select id from find_requests(${orgId}::uuid, ${since}::uuid, ${before}::uuid, ${wanted}::integer,
          ${JSON.stringify(filter)}::jsonb) as id`;
      return rows.map(({ id }) => id);
    } catch (error) {
      if (!isCancelled(error)) throw error;
      await tx.$executeRaw`rollback to savepoint search`;
      return null;
    }
  };
}

/** Finds requests of the tenant, newest first. It keeps to the deadlines of `walkBack`, and never fails because of them. */
export async function findRequests(tx: Tx, { orgId, services }: Asker, search: Search): Promise<Walked> {
  const nowMs = services.now();
  const startedMs = services.monotonicMs();
  const { filter, cursor, wanted, fromMs = 0, toMs = nowMs + NEWEST_MS } = search;
  const read = await sliceReader(tx, orgId, filter);
  const upper = uuidFloor(toMs);
  const before = cursor !== undefined && cursor < upper ? cursor : upper;
  if (filter.id !== undefined && cursor === undefined) {
    const since = uuidFloor(uuidTimeMs(filter.id));
    const next = uuidFloor(uuidTimeMs(filter.id) + 1);
    const found = await read({ since, before: next, wanted, withinMs: 500 });
    if (found?.[0] === filter.id && filter.id < upper && filter.id >= uuidFloor(fromMs))
      return { ids: [filter.id], stopped: null };
  }
  const [oldest] = await tx.$queryRawUnsafe<{ atMs: number | null }[]>(OLDEST_DAY);
  // Nothing was recorded yet.
  if (typeof oldest?.atMs !== "number") return { ids: [], stopped: null };
  return walkBack({
    before,
    nowMs,
    fromMs: Math.max(fromMs, oldest.atMs),
    wanted,
    read,
    elapsedMs: () => services.monotonicMs() - startedMs,
  });
}

import { UNITS, type Units } from "@tollgate/catalog/units";
import { NIL_UUID } from "@tollgate/contracts/ids";
import type { Pool } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";
import { type Range, SLOT_MS, utcDayStart } from "../rollups/slots.ts";
import { adjust, type Cause } from "./adjust.ts";
import { readCalendar } from "./closed-months.ts";
import { readOwnPrices, readRated } from "./rated-events.ts";
import { repriceEvent } from "./reprice-event.ts";

/** Which events to price again. */
export interface Rerating extends Cause {
  id: string;
  orgId: string;
  since: Date;
  until: Date;
  model: string | null;
  provider: string | null;
}

export interface Rerated {
  /** Number of adjustments written. */
  adjusted: number;
  /** Their sum, nano-USD. */
  adjustedNano: bigint;
}

/** Small, so that ingest does not wait long for the lock. */
const PAGE = 500;

/** Events whose price is unknown, or to which an organisation's own price applies or applied. */
const CANDIDATES = `
  select e.id from usage_rated as e
  where e.org_id = $1 and e.id > $2 and e.id >= uuid_floor($3) and e.id < uuid_floor($4)
    and ($5::text is null or e.model = $5) and ($6::text is null or e.provider = $6)
    and e.pricing <> 'free' and e.outcome <> 'refused'
    and (e.cost_nano is null or e.price_version like 'own:%' or exists (
      select from price_override as p
      where p.org_id = e.org_id and p.since <= e.at and (
        (p.provider = e.provider and p.upstream_model = e.upstream_model)
        or e.attempts @> jsonb_build_array(jsonb_build_object('provider', p.provider, 'upstreamModel', p.upstream_model)))))
  order by e.id limit ${PAGE}`;

const reprice = (pool: Pool, asked: Rerating, ids: readonly string[], nowMs: number, units: Units): Promise<Rerated> =>
  inTransaction(pool, async (client) => {
    const { orgId } = asked;
    await lockOrg(client, orgId);
    const [calendar, prices] = [await readCalendar(client, orgId), await readOwnPrices(client, orgId)];
    const repricings = (await readRated(client, orgId, ids, units)).flatMap((event) => {
      const price = repriceEvent(event, prices, units);
      return price ? [{ event, price }] : [];
    });
    if (repricings.length === 0) return { adjusted: 0, adjustedNano: 0n };
    const adjustedNano = await adjust(client, orgId, repricings, calendar, asked, nowMs);
    return { adjusted: repricings.length, adjustedNano };
  });

async function* pagesOf(pool: Pool, { orgId, model, provider }: Rerating, { fromMs, toMs }: Range) {
  let last = NIL_UUID;
  for (let size = PAGE; size === PAGE; ) {
    const values = [orgId, last, new Date(fromMs), new Date(toMs), model, provider];
    const { rows } = await pool.query<{ id: string }>(CANDIDATES, values);
    const ids = rows.map(({ id }) => id);
    size = ids.length;
    last = ids.at(-1) ?? last;
    if (size > 0) yield ids;
  }
}

/**
 * Prices events again, day by day, in pages of one transaction each. Idempotent: an event whose cost is already right gets
 * no adjustment.
 */
export async function rerateEvents(pool: Pool, asked: Rerating, nowMs: number, units = UNITS): Promise<Rerated> {
  const done: Rerated = { adjusted: 0, adjustedNano: 0n };
  const untilMs = asked.until.getTime();
  for (let fromMs = asked.since.getTime(); fromMs < untilMs; fromMs = utcDayStart(fromMs) + SLOT_MS.day) {
    const toMs = Math.min(utcDayStart(fromMs) + SLOT_MS.day, untilMs);
    for await (const ids of pagesOf(pool, asked, { fromMs, toMs })) {
      const { adjusted, adjustedNano } = await reprice(pool, asked, ids, nowMs, units);
      done.adjusted += adjusted;
      done.adjustedNano += adjustedNano;
    }
  }
  return done;
}

import { uuidV7 } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import { adjustmentLines } from "../rollups/lines-sql.ts";
import { addToRollUp, ROLL_UPS } from "../rollups/roll-up-sql.ts";
import { type Calendar, closedMonthAt, closedUntil } from "./closed-months.ts";
import { correctCounters, tellCorrected } from "./ingest-counters.ts";
import type { RatedEvent } from "./rated-events.ts";
import type { NewPrice } from "./reprice-event.ts";

/** Who wants it, and why. */
export interface Cause {
  /** Of the bookkeeping that asked for it; null: none did. */
  id: string | null;
  askedBy: string | null;
  note: string | null;
}

/** An event and what it costs from now on. */
export interface Repricing {
  event: RatedEvent;
  price: NewPrice;
}

interface Entry {
  id: string;
  org_id: string;
  event_id: string;
  reason: "priced" | "repriced";
  booked_at: Date;
  closed_month: string | null;
  /** Decimal text. */
  cost_nano: string;
  unpriced: number;
  price_version: string;
  bookkeeping_id: string | null;
  asked_by: string | null;
  note: string | null;
}

const COLUMNS =
  "id, org_id, event_id, reason, booked_at, closed_month, cost_nano, unpriced, price_version, bookkeeping_id, asked_by, note";

/** Roll-ups come from the entries really made, in one statement with them. */
const APPEND = `
  with a as (
    insert into usage_adjustment (${COLUMNS}, at)
    select ${COLUMNS}, clock_timestamp() from json_populate_recordset(null::usage_adjustment, $1)
    returning *
  ), lines as (${adjustmentLines("a join usage_event as e on e.org_id = a.org_id and e.id = a.event_id")}
  ), ${ROLL_UPS.map((rollUp) => `added_to_${rollUp.table} as (${addToRollUp(rollUp, "lines")})`).join(", ")}
  select`;

function entryOf({ event, price }: Repricing, calendar: Calendar, cause: Cause, nowMs: number): Entry {
  const openMs = closedUntil(calendar) ?? Number.NEGATIVE_INFINITY;
  const isBeside = event.bookedMs >= openMs;
  const wasUnknown = event.costNano === null;
  return {
    id: uuidV7(nowMs),
    org_id: event.subjects.orgId,
    event_id: event.id,
    reason: wasUnknown ? "priced" : "repriced",
    booked_at: new Date(isBeside ? event.bookedMs : Math.max(nowMs, openMs)),
    closed_month: closedMonthAt(calendar, event.atMs),
    cost_nano: String(price.costNano - (event.costNano ?? 0n)),
    // A closed month keeps what it said of its requests, and the open one never had them.
    unpriced: wasUnknown && isBeside ? -1 : 0,
    price_version: price.version,
    bookkeeping_id: cause.id,
    asked_by: cause.askedBy,
    note: cause.note,
  };
}

/**
 * Writes what re-priced events differ by: an entry for each, roll-ups and limit counters with it. Answers the sum of the
 * differences, nano-USD. The organisation's books must be locked, and the events have been read since.
 */
export async function adjust(
  client: PoolClient,
  orgId: string,
  repricings: readonly Repricing[],
  calendar: Calendar,
  cause: Cause,
  nowMs: number,
): Promise<bigint> {
  const entries = repricings.map((each) => entryOf(each, calendar, cause, nowMs));
  await client.query(APPEND, [JSON.stringify(entries)]);
  const differences = repricings.map(({ event, price }) => ({
    orgId,
    subjects: event.subjects,
    atMs: event.atMs,
    // An unknown price had counted as what was held.
    amounts: { usd: price.costNano - (event.costNano ?? event.heldNano ?? 0n), tokens: 0n },
    unpriced: event.costNano === null ? -1 : 0,
  }));
  await correctCounters(client, orgId, differences);
  await tellCorrected(client, orgId);
  return entries.reduce((sum, { cost_nano }) => sum + BigInt(cost_nano), 0n);
}

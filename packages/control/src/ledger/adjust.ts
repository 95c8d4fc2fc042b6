import { uuidV7 } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import { subjectsOfAttempt } from "@tollgate/policy/limit-subjects";
import { adjustmentLines } from "../rollups/lines-sql.ts";
import { addToRollUps } from "../rollups/roll-up-sql.ts";
import { type Calendar, closedMonthAt, closedUntil } from "./closed-months.ts";
import { correctCounters, increaseCountersRevision, type Use } from "./ingest-counters.ts";
import { correctRuns } from "./ingest-runs.ts";
import type { RatedEvent } from "./rated-events.ts";
import type { NewPrice } from "./reprice-event.ts";

/** Who asked for an adjustment, and why. */
export interface Cause {
  /** Id of the maintenance request; null without one. */
  id: string | null;
  askedBy: string | null;
  note: string | null;
}

/** An event and its new price. */
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

/** Adds to the roll-ups in the same statement, from the adjustments that were really inserted. */
const APPEND = `
  with a as (
    insert into usage_adjustment (${COLUMNS}, at)
    select ${COLUMNS}, clock_timestamp() from json_populate_recordset(null::usage_adjustment, $1)
    returning *
  ), lines as (${adjustmentLines("a join usage_event as e on e.org_id = a.org_id and e.id = a.event_id")}
  ), ${addToRollUps()}
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
    // A closed month keeps its count of unpriced requests, and the open month never counted them.
    unpriced: wasUnknown && isBeside ? -1 : 0,
    price_version: price.version,
    bookkeeping_id: cause.id,
    asked_by: cause.askedBy,
    note: cause.note,
  };
}

/** Limits of credentials count a difference at the credential that answered. What attempts counted before is not its hold. */
function onCredential(orgId: string, { event, price }: Repricing): Use[] {
  const { credentialId, attempts, costNano, heldNano, subjects, atMs } = event;
  if (credentialId === null) return [];
  const known = attempts.reduce((sum, { costNano }) => sum + BigInt(costNano ?? 0), 0n);
  const before = costNano ?? (attempts.length > 0 ? known : (heldNano ?? 0n));
  const unpriced = costNano === null ? attempts.filter(({ costNano }) => costNano === null).length || 1 : 0;
  const amounts = { usd: price.costNano - before, tokens: 0n };
  return [{ orgId, subjects: subjectsOfAttempt(subjects, credentialId), atMs, amounts, unpriced: -unpriced }];
}

/**
 * Writes one adjustment for each re-priced event and adds the differences to roll-ups, runs and limit counters. Returns the sum
 * of the differences in nano-USD. The caller holds `lockOrg` and has read the events since.
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
    // While the price was unknown, the held amount was counted.
    amounts: { usd: price.costNano - (event.costNano ?? event.heldNano ?? 0n), tokens: 0n },
    unpriced: event.costNano === null ? -1 : 0,
  }));
  await correctRuns(
    client,
    orgId,
    differences.map(({ amounts, unpriced }, index) => ({
      session: repricings[index]?.event.subjects.session ?? null,
      cost: BigInt(entries[index]?.cost_nano ?? 0),
      counted: amounts.usd,
      unpriced,
    })),
  );
  await correctCounters(client, orgId, [...differences, ...repricings.flatMap((each) => onCredential(orgId, each))]);
  await increaseCountersRevision(client, orgId);
  return entries.reduce((sum, { cost_nano }) => sum + BigInt(cost_nano), 0n);
}

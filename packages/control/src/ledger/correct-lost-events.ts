import type { Uuid } from "@tollgate/contracts/ids";
import { SPOOL_LOST, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { lockOrg } from "../org-lock.ts";
import { adjust, type Cause } from "./adjust.ts";
import { readCalendar } from "./closed-months.ts";
import { readRated } from "./rated-events.ts";

const FOUND: Cause = { id: null, askedBy: null, note: "The lost usage records were found." };

/** The events with these ids that are estimates for lost usage records and are not corrected yet. */
const STAND_INS = `
  select e.id from usage_event as e
  where e.id = any($1::uuid[]) and $2 = any(e.flags) and not exists (
    select from usage_adjustment as a where a.org_id = e.org_id and a.event_id = e.id and a.note = $3)`;

/** The real cost of a call; null: unknown. */
function costOf({ outcome, costNano }: UsageEvent): bigint | null {
  if (outcome === "refused") return 0n;
  return costNano === null ? null : BigInt(costNano);
}

/**
 * While the usage record of a call is lost, an estimate stands in for it in the ledger. When the real record arrives,
 * this corrects the estimate with an adjustment; there is no second event. `again` are events that the ledger has by id.
 */
export async function correctLostEvents(
  client: PoolClient,
  again: readonly UsageEvent[],
  nowMs: number,
): Promise<void> {
  const real = new Map(again.filter(({ flags }) => !flags.includes(SPOOL_LOST)).map((event) => [event.id, event]));
  if (real.size === 0) return;
  const { rows } = await client.query<{ id: Uuid }>(STAND_INS, [[...real.keys()], SPOOL_LOST, FOUND.note]);
  const orgs = Map.groupBy(rows, ({ id }) => real.get(id)?.orgId ?? "");
  for (const [orgId, found] of [...orgs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await lockOrg(client, orgId);
    const rated = await readRated(
      client,
      orgId,
      found.map(({ id }) => id),
    );
    const repricings = rated.flatMap((event) => {
      const known = real.get(event.id);
      const costNano = known ? costOf(known) : null;
      return costNano === null ? [] : [{ event, price: { costNano, version: known?.priceVersion ?? "" } }];
    });
    if (repricings.length > 0) await adjust(client, orgId, repricings, await readCalendar(client, orgId), FOUND, nowMs);
  }
}

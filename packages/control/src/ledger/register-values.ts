import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { type AttributionKind, valuesMax } from "../rollups/attribution-kinds.ts";

const REGISTER = "select register_values($1::uuid[], $2::text[], $3::date[], $4::text[], $5::integer[])";

/** Nearly no event has a value twice. */
function* valuesOf({ tags, customer, session, endUser, costCentre }: UsageEvent): Generator<[AttributionKind, string]> {
  for (const name in tags) yield ["tag", `${name}=${tags[name]}`];
  if (customer !== null) yield ["customer", customer];
  if (session !== null) yield ["session", session];
  if (endUser !== null) yield ["end_user", endUser];
  if (costCentre !== null) yield ["cost_centre", costCentre];
}

const monthOf = (id: string): string => `${new Date(uuidTimeMs(id)).toISOString().slice(0, 7)}-01`;

/**
 * Registers the values of events, in the order of the events, before roll-ups count them. An event that is in the ledger already
 * changes nothing: its values are registered, or its month has no room. `setting` is the installation's.
 */
export async function registerValues(
  client: PoolClient,
  events: readonly UsageEvent[],
  setting: number,
): Promise<void> {
  const seen = new Set<string>();
  const [orgs, kinds, months, values, most]: [string[], string[], string[], string[], number[]] = [[], [], [], [], []];
  for (const event of events)
    for (const [kind, value] of valuesOf(event)) {
      const month = monthOf(event.id);
      const key = `${event.orgId} ${kind} ${month} ${value}`;
      if (seen.has(key)) continue;
      seen.add(key);
      orgs.push(event.orgId);
      kinds.push(kind);
      months.push(month);
      values.push(value);
      most.push(valuesMax(kind, setting));
    }
  if (orgs.length > 0) await client.query(REGISTER, [orgs, kinds, months, values, most]);
}

import { query } from "@tollgate/testkit/cluster";
import type { Seen } from "@tollgate/testkit/provider";
import type { ClientCall } from "./mixed-load.ts";
import { billNano } from "./moody-provider.ts";

export interface EventRow {
  id: string;
  /** Name of the call in all three records. */
  name: string;
  outcome: string;
  source: string;
  status: number;
  error: string | null;
  cost: string | null;
  held: string | null;
  input: number;
  cached: number;
  output: number;
}

const EVENTS = `
  select id, client_request_id as name, outcome, source, status, error, cost_nano::text as cost, held_nano::text as held,
    input_tokens as input, cache_read_tokens as cached, output_tokens as output
  from usage_event order by id`;

/** One call in the records of client, provider and installation. */
export interface Reckoned {
  client: ClientCall;
  /** The provider's records of the call: more than one if it was retried. */
  seen: readonly Seen[];
  events: readonly EventRow[];
}

const gathered = <T>(items: Iterable<T>, nameOf: (item: T) => string): Map<string, T[]> => {
  const byName = new Map<string, T[]>();
  for (const item of items) {
    const known = byName.get(nameOf(item));
    if (known) known.push(item);
    else byName.set(nameOf(item), [item]);
  }
  return byName;
};

/** Joins the three records by call. */
export async function reckon(
  ownerUrl: string,
  clientCalls: readonly ClientCall[],
  requests: readonly Seen[],
): Promise<Reckoned[]> {
  const events = gathered(await query<EventRow & object>(ownerUrl, EVENTS), ({ name }) => name);
  const seen = gathered(requests, ({ prompt }) => prompt);
  return clientCalls.map((call) => ({
    client: call,
    seen: seen.get(call.name) ?? [],
    events: events.get(call.name) ?? [],
  }));
}

/** Whether a usage event must exist: the client has a complete answer, or the provider was called. */
export const isOwed = ({ client, seen }: Reckoned): boolean =>
  (client.isWhole && client.status === 200) || seen.length > 0;

type Check = (call: Reckoned, event: EventRow) => boolean;

const billed = ({ seen }: Reckoned) => seen.flatMap(({ bills }) => bills ?? []);

/** The provider's total charge for one call, in nano-dollars. */
const billOf = (call: Reckoned): bigint => billed(call).reduce((sum, usage) => sum + billNano(usage), 0n);

const isBilledAlike: Check = (call, event) => {
  const [usage, ...more] = billed(call);
  return (
    more.length === 0 &&
    usage?.input === event.input &&
    usage.output === event.output &&
    usage.cacheRead === event.cached &&
    billOf(call) === BigInt(event.cost ?? -1)
  );
};

const isWithinHold = ({ cost, held }: EventRow): boolean =>
  BigInt(cost ?? -1) >= 0n && BigInt(cost ?? 0) <= BigInt(held ?? 0);

/**
 * The charge that each outcome of a call must have. If the provider reported usage, the charge equals the provider's
 * bill to the nano-dollar. Otherwise it is an estimate not above the hold.
 */
const CHARGES: Record<string, Check> = {
  complete: isBilledAlike,
  failed: (call, event) =>
    event.source === "provider" && event.cost !== "0" ? isBilledAlike(call, event) : isWithinHold(event),
  client_left: (call, event) =>
    event.source === "provider" && billed(call).length > 0
      ? isBilledAlike(call, event) || event.cost === "0"
      : isWithinHold(event),
  interrupted: (call, event) => event.cost === event.held && billOf(call) <= BigInt(event.held ?? 0),
  refused: ({ seen }, { cost }) => seen.length === 0 && (cost ?? "0") === "0",
};

const RULES: Record<string, (call: Reckoned) => boolean> = {
  "1: every call that was answered, or that reached the provider, has an event": (call) =>
    !isOwed(call) || call.events.length > 0,
  "1: no call has two events": ({ events }) => events.length <= 1,
  "1: a completely received answer is complete in the ledger, under the id the client got": ({
    client,
    events: [event],
  }) =>
    !client.isWhole ||
    client.status !== 200 ||
    !event ||
    (event.outcome === "complete" && event.source === "provider" && event.id === client.requestId),
  "7: the ledger's cost equals the provider's bill": (call) =>
    call.events.every((event) => CHARGES[event.outcome]?.(call, event) ?? false),
};

const OFFENDERS_MAX = 3;

const described = ({ client, seen, events }: Reckoned) => ({
  client,
  provider: seen.map(({ order, bills, reported, clientLeft }) => ({ order, bills, reported, clientLeft })),
  events,
});

/** Names of the rules that calls break, each with the first such calls. */
export function brokenRules(calls: readonly Reckoned[]): Record<string, unknown[]> {
  const broken: Record<string, unknown[]> = {};
  for (const [name, holds] of Object.entries(RULES)) {
    const offenders = calls.filter((call) => !holds(call));
    if (offenders.length > 0)
      broken[`${name} (${offenders.length} calls)`] = offenders.slice(0, OFFENDERS_MAX).map(described);
  }
  return broken;
}

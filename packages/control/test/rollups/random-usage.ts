import { usdString } from "@tollgate/contracts/money";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { query } from "@tollgate/testkit/cluster";
import { usageEvent } from "../ledger.ts";

type Group = "model" | "key" | "team" | "member" | "provider" | "none";
export const GROUPS: readonly Group[] = ["model", "key", "team", "member", "provider", "none"];

const NIL = "00000000-0000-0000-0000-000000000000";
const id = (kind: number, n: number): string => `00000000-0000-7${kind}00-8000-${String(n).padStart(12, "0")}`;

/** A fixed sequence of numbers in [0, 1). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Calls of random subjects, costs and outcomes, at random times of the range. */
export function randomUsage(orgId: string, count: number, fromMs: number, toMs: number, seed: number): UsageEvent[] {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, () => {
    const refused = random() < 0.05;
    const unpriced = !refused && random() < 0.1;
    const broken = !refused && !unpriced && random() < 0.1;
    const costNano = String(refused ? 0 : below(1e9));
    return usageEvent(orgId, fromMs + below(toMs - fromMs), {
      keyId: id(1, below(9)),
      teamId: random() < 0.3 ? null : id(2, below(3)),
      memberId: random() < 0.3 ? null : id(3, below(5)),
      model: `model-${below(4)}`,
      provider: random() < 0.1 ? null : (["openai", "anthropic", "google"][below(3)] ?? null),
      upstreamModel: `model-${below(4)}`,
      status: refused ? 429 : broken ? 502 : 200,
      outcome: refused ? "refused" : broken ? "failed" : "complete",
      use: refused ? { input: 0, output: 0 } : { input: below(5_000), output: below(1_000) },
      costNano: unpriced ? null : costNano,
      ...(broken && { countedNano: String(BigInt(costNano) + 17n) }),
      pricing: unpriced ? "unpriced" : "priced",
      tags: random() < 0.4 ? { feature: `f${below(3)}` } : {},
      customer: random() < 0.3 ? `customer-${below(4)}` : null,
    });
  });
}

const GROUP_OF: Record<Group, string> = {
  model: "e.model",
  key: "e.key_id::text",
  team: `coalesce(e.team_id::text, '${NIL}')`,
  member: `coalesce(e.member_id::text, '${NIL}')`,
  provider: "coalesce(e.provider, '')",
  none: "''",
};

interface Line {
  at: Date;
  group: string;
  requests: number;
  cost: string;
}

/** What the events and adjustments of an organisation add up to by local day and group: `2026-03-01 model-1` → requests and cost. */
export async function daysOfEvents(ownerUrl: string, orgId: string, timeZone: string, groupBy: Group, fromMs: number) {
  const lines = await query<Line & object>(
    ownerUrl,
    `select coalesce(l.booked_at, e.at) as at, ${GROUP_OF[groupBy]} as "group", 1 as requests, coalesce(e.cost_nano, 0)::text as cost
     from usage_event as e left join usage_adjustment as l on l.event_id = e.id and l.reason = 'late' where e.org_id = '${orgId}'
     union all
     select a.booked_at, ${GROUP_OF[groupBy]}, 0, a.cost_nano::text
     from usage_adjustment as a join usage_event as e on e.id = a.event_id where a.org_id = '${orgId}' and a.reason <> 'late'`,
  );
  const days = new Map<string, { requests: number; nano: bigint }>();
  for (const { at, group, requests, cost } of lines) {
    if (at.getTime() < fromMs) continue;
    const day = Temporal.Instant.fromEpochMilliseconds(at.getTime())
      .toZonedDateTimeISO(timeZone)
      .toPlainDate()
      .toString();
    const sums = days.get(`${day} ${group}`) ?? { requests: 0, nano: 0n };
    days.set(`${day} ${group}`, { requests: sums.requests + requests, nano: sums.nano + BigInt(cost) });
  }
  return presented([...days].map(([key, { requests, nano }]) => [key, requests, usdString(nano)]));
}

type Presented = [string, number, string];

const presented = (rows: Presented[]): Presented[] =>
  rows.filter(([, requests, cost]) => requests > 0 || cost !== "0").sort(([a], [b]) => (a < b ? -1 : 1));

/** The same of a report. */
export const daysOfReport = (
  series: readonly { slot: string; groupId: string; requests: number; costUsd: string }[],
  timeZone: string,
): Presented[] =>
  presented(
    series.map(({ slot, groupId, requests, costUsd }) => {
      const day = Temporal.Instant.from(slot).toZonedDateTimeISO(timeZone).toPlainDate().toString();
      return [`${day} ${groupId}`, requests, costUsd];
    }),
  );

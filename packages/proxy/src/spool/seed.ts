import type { OrgPolicy } from "@tollgate/contracts/grant";
import { type Uuid, uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import { holdEntries } from "@tollgate/limits/decide";
import type { LimitStore } from "@tollgate/limits/store";
import type { OpenSpool } from "./spool.ts";

export interface SeedOptions {
  /** Policies and their limits' counters, read in one snapshot of the database with the cursor. */
  orgs: ReadonlyMap<Uuid, { org: OrgPolicy; counters: ReadonlyMap<string, bigint> }>;
  /** How far the ledger had taken in this spool at that snapshot; null when it knew nothing of it. */
  cursor: { position: bigint; pending: readonly (readonly [string, string])[] } | null;
  spool: OpenSpool;
  store: LimitStore;
}

/** What an ended request adds to each counter of its organisation's limits. */
function addTo(counters: Map<string, bigint>, org: OrgPolicy, event: UsageEvent): void {
  const actual = actualOf(event);
  if (!actual) return;
  const entries = holdEntries(org.limits, {
    subjects: {
      orgId: event.orgId,
      teamId: event.teamId,
      memberId: event.memberId,
      keyId: event.keyId,
      modelId: event.modelId,
      tags: Object.entries(event.tags).map(([name, value]) => `${name}=${value}`),
      customer: event.customer,
    },
    atMs: uuidTimeMs(event.id),
    timeZone: org.timeZone,
    amounts: { usd: actual.usd ?? 0n, tokens: actual.tokens },
  });
  for (const { counter, unit, amount } of entries)
    if (unit !== "concurrent") counters.set(counter, (counters.get(counter) ?? 0n) + amount);
}

/**
 * Raises a store's counters to everything known to be spent: what the ledger has settled, and what this process's spool
 * holds beyond it. Do it before a policy takes effect, at the start and whenever one changes: a new limit then counts
 * what went before it.
 */
export async function seedLimits({ orgs, cursor, spool, store }: SeedOptions): Promise<void> {
  const position = Number(cursor?.position ?? 0);
  const ahead = (cursor?.pending ?? []).map(([from, to]) => [Number(from), Number(to)] as const);
  const isSettled = (at: number): boolean => ahead.some(([from, to]) => at >= from && at < to);
  const spent = new Map([...orgs].map(([orgId, { counters }]) => [orgId, new Map(counters)]));
  const settling: unknown[] = [];
  await spool.visitEnded(
    position,
    (event, at) => {
      const org = orgs.get(event.orgId)?.org;
      const counters = spent.get(event.orgId);
      if (org && counters && !(at !== null && isSettled(at))) addTo(counters, org, event);
    },
    () => {
      for (const [orgId, counters] of spent) settling.push(store.seed(orgId, counters));
    },
  );
  await Promise.all(settling);
}

import type { OrgPolicy } from "@tollgate/contracts/grant";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import { holdEntries } from "@tollgate/limits/decide";
import type { MemoryStore } from "@tollgate/limits/memory-store";

export interface SeededLimits extends MemoryStore {
  /** From now on holds are made: what was spent before this process is in the counters. */
  open(): void;
}

/** A memory store starts empty, which is not the truth: until it is seeded, holds fail as if the store were down. */
export function untilSeeded(store: MemoryStore): SeededLimits {
  let isOpen = false;
  return {
    ...store,
    hold(requestId, orgId, entries) {
      if (!isOpen) throw new Error("the limit store is not seeded yet");
      return store.hold(requestId, orgId, entries);
    },
    open() {
      isOpen = true;
    },
  };
}

/** Adds an ended request to the counters of its organisation, as the ledger will when it gets it. */
export function addToCounters(counters: Map<string, bigint>, org: OrgPolicy, event: UsageEvent): void {
  const actual = actualOf(event);
  if (!actual) return;
  const { orgId, teamId, memberId, keyId, modelId, customer } = event;
  const tags = Object.entries(event.tags).map(([name, value]) => `${name}=${value}`);
  const entries = holdEntries(org.limits, {
    subjects: { orgId, teamId, memberId, keyId, modelId, tags, customer },
    atMs: uuidTimeMs(event.id),
    zones: org,
    amounts: { usd: actual.usd ?? 0n, tokens: actual.tokens },
  });
  for (const { counter, unit, amount } of entries) {
    if (unit !== "concurrent") counters.set(counter, (counters.get(counter) ?? 0n) + amount);
  }
}

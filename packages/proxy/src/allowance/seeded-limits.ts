import type { OrgPolicy } from "@tollgate/contracts/grant";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import { type BearingEntry, holdEntries } from "@tollgate/limits/decide";
import type { MemoryStore } from "@tollgate/limits/memory-store";
import type { Actual } from "@tollgate/limits/store";
import { subjectsOfRecord } from "@tollgate/policy/limit-subjects";

export interface SeededLimits extends MemoryStore {
  /** Allows holds: the counters now contain all earlier usage. */
  open(): void;
  /** Stops holds: another process may have changed the usage. */
  shut(): void;
  isOpen(): boolean;
  opened(): Promise<void>;
}

/**
 * A memory store starts with empty counters, which are wrong. Until it is seeded, holds fail as if the store were
 * down.
 */
export function untilSeeded(store: MemoryStore): SeededLimits {
  let isOpen = false;
  let opened = Promise.withResolvers<void>();
  function check(): void {
    if (!isOpen) throw new Error("the limit store is not seeded yet");
  }
  return {
    ...store,
    hold(requestId, orgId, entries) {
      check();
      return store.hold(requestId, orgId, entries);
    },
    extend(requestId, orgId, entries) {
      check();
      return store.extend(requestId, orgId, entries);
    },
    open() {
      isOpen = true;
      opened.resolve();
    },
    shut() {
      if (isOpen) opened = Promise.withResolvers();
      isOpen = false;
    },
    isOpen: () => isOpen,
    opened: () => opened.promise,
  };
}

/** The usage of an ended request on each limit that counts usage; concurrency limits are left out. */
export function usedEntries(org: OrgPolicy, event: UsageEvent, actual: Actual): BearingEntry[] {
  const entries = holdEntries(org.limits, {
    subjects: subjectsOfRecord(event),
    atMs: uuidTimeMs(event.id),
    zones: org,
    amounts: { usd: actual.usd ?? 0n, tokens: actual.tokens },
  });
  return entries.filter(({ unit }) => unit !== "concurrent");
}

/** Adds an ended request to the counters of its organisation, as the ledger does on ingest. */
export function addToCounters(counters: Map<string, bigint>, org: OrgPolicy, event: UsageEvent): void {
  const actual = actualOf(event);
  if (!actual) return;
  for (const { counter, amount } of usedEntries(org, event, actual))
    counters.set(counter, (counters.get(counter) ?? 0n) + amount);
}

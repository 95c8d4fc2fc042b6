import type { OrgPolicy } from "@tollgate/contracts/grant";
import { type Uuid, uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import { credentialUses } from "@tollgate/limits/credential-use";
import { type BearingEntry, holdEntries } from "@tollgate/limits/decide";
import type { MemoryStore } from "@tollgate/limits/memory-store";
import type { Actual, HoldEntry } from "@tollgate/limits/store";
import { subjectsOfAttempt, subjectsOfRecord } from "@tollgate/policy/limit-subjects";
import { credentialLimits } from "./credential-limits.ts";

export interface SeededLimits extends MemoryStore {
  /** Allows holds for this organisation: its counters now contain all earlier usage. */
  open(orgId: Uuid): void;
  /** Stops holds: another process may have changed the usage. */
  shut(): void;
  isOpen(orgId: Uuid): boolean;
  /** Organisations for which holds are made. */
  organisations(): Uuid[];
}

/**
 * A memory store starts with empty counters, which are wrong. Until an organisation is seeded, and until a counter that is read on
 * demand was read, holds fail as if the store were down.
 */
export function untilSeeded(store: MemoryStore): SeededLimits {
  const open = new Set<Uuid>();
  function check(orgId: Uuid, entries: readonly HoldEntry[]): void {
    if (!open.has(orgId)) throw new Error("the limit store is not seeded yet");
    if (store.missing(orgId, entries).length > 0) throw new Error("a limit counter is not read yet");
  }
  return {
    ...store,
    hold(requestId, orgId, entries) {
      check(orgId, entries);
      return store.hold(requestId, orgId, entries);
    },
    extend(requestId, orgId, entries) {
      check(orgId, entries);
      return store.extend(requestId, orgId, entries);
    },
    open: (orgId) => void open.add(orgId),
    shut: () => open.clear(),
    isOpen: (orgId) => open.has(orgId),
    organisations: () => [...open],
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

/** The usage of each of its attempts on limits of its credential. */
export function credentialEntries(org: OrgPolicy, event: UsageEvent): BearingEntry[] {
  if (credentialLimits(org).length === 0) return [];
  const [of, atMs] = [subjectsOfRecord(event), uuidTimeMs(event.id)];
  return credentialUses(event)
    .flatMap(({ credentialId, amounts }) =>
      holdEntries(org.limits, { subjects: subjectsOfAttempt(of, credentialId), atMs, zones: org, amounts }),
    )
    .filter(({ unit }) => unit !== "concurrent");
}

/** Adds an ended request to the counters of its organisation, as the ledger does on ingest. */
export function addToCounters(counters: Map<string, bigint>, org: OrgPolicy, event: UsageEvent): void {
  const actual = actualOf(event);
  if (!actual) return;
  for (const { counter, amount } of [...usedEntries(org, event, actual), ...credentialEntries(org, event)])
    counters.set(counter, (counters.get(counter) ?? 0n) + amount);
}

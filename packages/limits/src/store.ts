import type { Uuid } from "@tollgate/contracts/ids";
import type { LimitMode, LimitUnit } from "@tollgate/contracts/limit";

/** One counter on which a request counts: the amount to hold and the cap of the limit. */
export interface HoldEntry {
  limitId: Uuid;
  /** Counter identity: limit, subject and window start. Made by `counterKey`. */
  counter: string;
  unit: LimitUnit;
  mode: LimitMode;
  /** The most that the request may use; nano-USD for usd. */
  amount: bigint;
  cap: bigint;
  /** When the counter's window ends (epoch ms), after which it may be deleted; null: never. */
  resetsAtMs: number | null;
  /** When a counter whose window does not end may be deleted, if it is not used again; absent or null: never. */
  keptUntilMs?: number | null;
}

export interface CounterState {
  /** Usage of calls that have ended. */
  committed: bigint;
  /** Reserved by calls under way. */
  held: bigint;
}

export interface Refusal {
  ok: false;
  /** Index of the first entry that does not fit. */
  refusedBy: number;
  state: CounterState;
}

export interface Admission {
  ok: true;
  /** State of each entry's counter after the hold, in the order of the entries. */
  states: CounterState[];
}

/** Usage of a request that has ended. `usd` is null when the price is unknown: the held amount counts then. */
export interface Actual {
  usd: bigint | null;
  tokens: bigint;
  /** Absent: one. The attempts of a request at one credential. */
  requests?: bigint;
}

/** Committed amounts of an organisation's counters, read from the ledger in one transaction. */
export interface Settled {
  /** By counter. */
  committed: ReadonlyMap<string, bigint>;
  /** Limits with too many counters to read them all. Those that `committed` lacks are read when they are used. */
  onDemand?: ReadonlySet<Uuid>;
  /** Increases whenever counters were corrected, not when usage was added. */
  revision: number;
}

/** The call that asks for a hold. */
export interface Asked {
  /** False: the call has been cut off, so the hold is not needed any more. */
  isWanted(): boolean;
  /** Description stored with the hold. If this process is lost, another one records the call from it. */
  about(): string;
}

/** The memory store answers without a promise, which saves the hot path a turn of the event loop. */
export type Soon<T> = T | Promise<T>;

/**
 * A hold reserves all of its entries or none. Entries of mode warn and shadow always fit. Nothing fits into a limit that is
 * used up, not even an amount of 0 (`isOver`). Settle and void are idempotent by request id; an unknown id is ignored.
 */
export interface LimitStore {
  /** May wait up to two seconds while counters are rebuilt, as long as the call is wanted. Rejects if the store is down. */
  hold(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[], asked?: Asked): Soon<Admission | Refusal>;
  /**
   * Raises a hold to these amounts (totals, for the entries it was made with, in any order), all or nothing. Only entries
   * that are raised are checked. Idempotent.
   */
  extend(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): Soon<Admission | Refusal>;
  /** The hold failed and the call is served anyway: its usage is counted when it ends. */
  letThrough(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): void;
  /** Ends a hold: releases it and adds the real usage to the counters. */
  settle(requestId: Uuid, orgId: Uuid, actual: Actual): Soon<void>;
  /** Ends a hold of a call that used nothing. */
  void(requestId: Uuid, orgId: Uuid): Soon<void>;
  /** States of these counters, in their order. */
  read(orgId: Uuid, counters: readonly string[]): Soon<CounterState[]>;
  /** Sets counters from the ledger. Lowers a counter only if the revision says that the ledger was corrected. */
  seed(orgId: Uuid, settled: Settled): Soon<void>;
  close(): Promise<void>;
}

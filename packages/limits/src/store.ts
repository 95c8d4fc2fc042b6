import type { Uuid } from "@tollgate/contracts/ids";
import type { LimitMode, LimitUnit } from "@tollgate/contracts/limit";

/** One limit as it bears on one request: which counter, how much is asked, how much may be. */
export interface HoldEntry {
  limitId: Uuid;
  /** Counter identity: limit, subject and window start. Made by `counterKey`. */
  counter: string;
  unit: LimitUnit;
  mode: LimitMode;
  /** What the request may use at most; nano-USD for usd. */
  amount: bigint;
  cap: bigint;
  /** When the counter's window ends (epoch ms) and it may be forgotten; null: it never does. */
  resetsAtMs: number | null;
}

export interface CounterState {
  /** Settled use. */
  committed: bigint;
  /** Reserved by calls under way, suspects included. */
  held: bigint;
}

export interface Refusal {
  ok: false;
  /** Index into the request's entries: the first that does not fit. */
  refusedBy: number;
  state: CounterState;
}

export interface Admission {
  ok: true;
  /** State of each entry's counter after the hold, same order. */
  states: CounterState[];
}

/** Actual use of a request, by unit; `usd` null when the price is unknown (counts as what was held). */
export interface Actual {
  usd: bigint | null;
  tokens: bigint;
}

/** What is settled of an organisation's limits, as the ledger has it at one instant. */
export interface Settled {
  /** Counter by counter. */
  committed: ReadonlyMap<string, bigint>;
  /** Raised each time that counters were corrected, not just added to. */
  revision: number;
}

/** The call that asks for a hold. */
export interface Asked {
  isWanted(): boolean;
  /** Description kept with the hold. If the maker is lost, another process records the call from it. */
  about(): string;
}

/** A call may be answered without a promise when the store is in memory: the hot path then skips a turn of the loop. */
export type Soon<T> = T | Promise<T>;

/**
 * Holds are all or nothing: either every entry fits (entries of mode warn and shadow always fit) and all are reserved,
 * or nothing changes. Nothing fits into a limit that is used up, an amount of 0 neither (`isOver`). Settle and void are
 * idempotent by request id; an unknown id is ignored.
 */
export interface LimitStore {
  /** May wait a little for the counters to be known, as long as the call is wanted. Rejects when they are not. */
  hold(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[], asked?: Asked): Soon<Admission | Refusal>;
  /**
   * Raises a hold to these amounts, which are totals: the entries it was made with, in any order. All or nothing; what is
   * not raised is not checked. Idempotent, so it may be repeated when no answer came.
   */
  extend(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): Soon<Admission | Refusal>;
  /** The hold failed and the call goes on all the same: what it uses is counted when it ends. */
  letThrough(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): void;
  settle(requestId: Uuid, orgId: Uuid, actual: Actual): Soon<void>;
  void(requestId: Uuid, orgId: Uuid): Soon<void>;
  read(orgId: Uuid, counters: readonly string[]): Soon<CounterState[]>;
  /** Tells what the ledger says: never lowers a counter, unless the ledger has corrected what it said before. */
  seed(orgId: Uuid, settled: Settled): Soon<void>;
  close(): Promise<void>;
}

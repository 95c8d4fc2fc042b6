import type { Uuid } from "@tollgate/contracts/ids";
import { isOver } from "@tollgate/policy/limit-cap";
import { ShortLivedMap } from "./short-lived-map.ts";
import type { Actual, Admission, CounterState, HoldEntry, LimitStore, Refusal, Settled } from "./store.ts";

interface Counter extends CounterState {
  /** When it may be deleted; null: never. */
  untilMs: number | null;
}

interface Hold {
  counters: Counter[];
  entries: readonly HoldEntry[];
}

/** All methods are synchronous, so each is atomic. */
export interface MemoryStore extends LimitStore {
  hold(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): Admission | Refusal;
  extend(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): Admission | Refusal;
  settle(requestId: Uuid, orgId: Uuid, actual: Actual): void;
  void(requestId: Uuid, orgId: Uuid): void;
  read(orgId: Uuid, counters: readonly string[]): CounterState[];
  /** Raises counters only. For corrections see `correct`. */
  seed(orgId: Uuid, settled: Settled): void;
  /** Sets the committed amounts: those of the ledger plus usage that the ledger does not have yet. Holds are kept. */
  correct(committed: Settled["committed"]): void;
}

const EMPTY: CounterState = { committed: 0n, held: 0n };
/** Counters of ended windows and runs are deleted each time this many counters were created. */
const SWEEP_EVERY = 4096;

const stateOf = ({ committed, held }: CounterState): CounterState => ({ committed, held });

function used(entry: HoldEntry, actual: Actual): bigint {
  if (entry.unit === "usd") return actual.usd ?? entry.amount;
  if (entry.unit === "tokens") return actual.tokens;
  return entry.unit === "requests" ? (actual.requests ?? 1n) : 0n;
}

/** A limit store for one process. No other process may admit calls of the same organisations. */
export function createMemoryStore({ now }: { now: () => number }): MemoryStore {
  const counters = new Map<string, Counter>();
  const holds = new ShortLivedMap<Uuid, Hold>();
  let made = 0;

  function forgetEnded(): void {
    const nowMs = now();
    for (const [key, counter] of counters)
      if (counter.untilMs !== null && counter.untilMs <= nowMs && counter.held === 0n) counters.delete(key);
  }

  function counterOf(key: string, untilMs: number | null): Counter {
    let counter = counters.get(key);
    if (!counter) {
      made += 1;
      if (made % SWEEP_EVERY === 0) forgetEnded();
      counter = { committed: 0n, held: 0n, untilMs };
      counters.set(key, counter);
    }
    if (untilMs !== null && (counter.untilMs ?? 0) < untilMs) counter.untilMs = untilMs;
    return counter;
  }

  function end(requestId: Uuid, commit: (entry: HoldEntry) => bigint): void {
    const hold = holds.get(requestId);
    if (!hold) return;
    holds.delete(requestId);
    hold.entries.forEach((entry, index) => {
      const counter = hold.counters[index];
      if (!counter) return;
      counter.held -= entry.amount;
      counter.committed += commit(entry);
    });
  }

  function keep(requestId: Uuid, entries: readonly HoldEntry[], touched: Counter[]): void {
    entries.forEach((entry, index) => {
      const counter = touched[index];
      if (counter) counter.held += entry.amount;
    });
    holds.set(requestId, { counters: touched, entries });
  }

  const countersOf = (entries: readonly HoldEntry[]): Counter[] =>
    entries.map((entry) => counterOf(entry.counter, entry.resetsAtMs ?? entry.keptUntilMs ?? null));

  function hold(requestId: Uuid, entries: readonly HoldEntry[]): Admission | Refusal {
    const touched = countersOf(entries);
    if (holds.has(requestId)) return { ok: true, states: touched.map(stateOf) };
    for (const [index, { mode, amount, cap }] of entries.entries()) {
      const counter = touched[index];
      if (mode === "block" && counter && isOver(counter.committed + counter.held, amount, cap))
        return { ok: false, refusedBy: index, state: stateOf(counter) };
    }
    keep(requestId, entries, touched);
    return { ok: true, states: touched.map(stateOf) };
  }

  function extend(known: Hold, entries: readonly HoldEntry[]): Admission | Refusal {
    const touched = countersOf(entries);
    const before = new Map(known.entries.map(({ counter, amount }) => [counter, amount]));
    const raises = entries.map(({ counter, amount }) => amount - (before.get(counter) ?? 0n));
    for (const [index, { mode, cap }] of entries.entries()) {
      const [counter, raise = 0n] = [touched[index], raises[index]];
      if (mode === "block" && raise > 0n && counter && counter.committed + counter.held + raise > cap)
        return { ok: false, refusedBy: index, state: stateOf(counter) };
    }
    touched.forEach((counter, index) => {
      const [entry, raise = 0n] = [entries[index], raises[index]];
      if (!entry || raise <= 0n) return;
      counter.held += raise;
      before.set(entry.counter, entry.amount);
    });
    known.entries = known.entries.map((entry) => ({ ...entry, amount: before.get(entry.counter) ?? entry.amount }));
    return { ok: true, states: touched.map(stateOf) };
  }

  return {
    hold: (requestId, _orgId, entries) => hold(requestId, entries),
    extend(requestId, _orgId, entries) {
      const known = holds.get(requestId);
      return known ? extend(known, entries) : hold(requestId, entries);
    },
    letThrough(requestId, _orgId, entries) {
      if (!holds.has(requestId)) keep(requestId, entries, countersOf(entries));
    },
    settle: (requestId, _orgId, actual) => end(requestId, (entry) => used(entry, actual)),
    void: (requestId) => end(requestId, () => 0n),
    read: (_orgId, keys) => keys.map((key) => stateOf(counters.get(key) ?? EMPTY)),
    seed(_orgId, { committed }) {
      for (const [key, amount] of committed) {
        const counter = counterOf(key, null);
        if (counter.committed < amount) counter.committed = amount;
      }
    },
    correct(committed) {
      for (const [key, amount] of committed) counterOf(key, null).committed = amount;
    },
    close: async () => {},
  };
}

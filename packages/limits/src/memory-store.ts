import type { Uuid } from "@tollgate/contracts/ids";
import { isOver } from "@tollgate/policy/limit-cap";
import { type Counter, Residents, type ResidentsOptions } from "./residents.ts";
import { ShortLivedMap } from "./short-lived-map.ts";
import type { Actual, Admission, CounterState, HoldEntry, LimitStore, Refusal, Settled } from "./store.ts";

interface Hold {
  residents: Residents;
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
  correct(orgId: Uuid, settled: Settled): void;
  /** Those of these counters whose earlier usage must be read before a hold on them. */
  missing(orgId: Uuid, entries: readonly Pick<HoldEntry, "counter">[]): string[];
  /** Adds missing counters with their usage in the ledger. A counter that is known keeps its amount. */
  fill(orgId: Uuid, committed: Settled["committed"]): void;
  /** Whether a ledger that has the spool up to `position` lacks usage of one of these counters. */
  needsSpool(orgId: Uuid, counters: Iterable<string>, position: number): boolean;
  /** Counters with holds of limits that are read on demand. */
  heldOnDemand(orgId: Uuid): string[];
}

export interface MemoryStoreOptions extends Partial<Omit<ResidentsOptions, "now">>, Pick<ResidentsOptions, "now"> {}

const EMPTY: CounterState = { committed: 0n, held: 0n };
/** Counters of ended windows and runs are deleted each time this many counters were created. */
const SWEEP_EVERY = 4096;
/** Counters of one organisation in memory: some megabytes. */
const RESIDENTS_MAX = 20_000;
const NONE: readonly string[] = [];

const stateOf = ({ committed, held }: CounterState): CounterState => ({ committed, held });

function used(entry: HoldEntry, actual: Actual): bigint {
  if (entry.unit === "usd") return actual.usd ?? entry.amount;
  if (entry.unit === "tokens") return actual.tokens;
  return entry.unit === "requests" ? (actual.requests ?? 1n) : 0n;
}

/**
 * A limit store for one process. No other process may admit calls of the same organisations. Each organisation has a bounded number of
 * counters in memory.
 */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const { now, position = () => 0, mayEvict = () => true, most = RESIDENTS_MAX } = options;
  const counters = new Map<string, Counter>();
  const organisations = new Map<Uuid, Residents>();
  const holds = new ShortLivedMap<Uuid, Hold>();
  let made = 0;

  function residentsOf(orgId: Uuid): Residents {
    let residents = organisations.get(orgId);
    if (!residents) {
      residents = new Residents({ now, position, mayEvict, most }, counters);
      organisations.set(orgId, residents);
    }
    return residents;
  }

  function forgetEnded(): void {
    const nowMs = now();
    for (const [key, counter] of counters)
      if (counter.untilMs !== null && counter.untilMs <= nowMs && counter.held === 0n) counters.delete(key);
  }

  function counterOf(residents: Residents, key: string, untilMs: number | null): Counter {
    let counter = counters.get(key);
    if (counter) residents.touch(counter);
    else {
      made += 1;
      if (made % SWEEP_EVERY === 0) forgetEnded();
      counter = residents.add(key, untilMs);
    }
    if (untilMs !== null && (counter.untilMs ?? 0) < untilMs) counter.untilMs = untilMs;
    return counter;
  }

  function end(requestId: Uuid, commit: (entry: HoldEntry) => bigint): void {
    const hold = holds.get(requestId);
    if (!hold) return;
    holds.delete(requestId);
    hold.entries.forEach((entry, index) => {
      let counter = hold.counters[index];
      // A hold of nothing does not keep its counter in memory.
      if (!counter || counters.get(entry.counter) !== counter)
        counter = counterOf(hold.residents, entry.counter, entry.resetsAtMs ?? entry.keptUntilMs ?? null);
      counter.held -= entry.amount;
      counter.committed += commit(entry);
      hold.residents.touch(counter);
    });
  }

  function keep(requestId: Uuid, residents: Residents, entries: readonly HoldEntry[], touched: Counter[]): void {
    entries.forEach((entry, index) => {
      const counter = touched[index];
      if (counter) counter.held += entry.amount;
    });
    holds.set(requestId, { residents, counters: touched, entries });
  }

  const countersOf = (residents: Residents, entries: readonly HoldEntry[]): Counter[] =>
    entries.map((entry) => counterOf(residents, entry.counter, entry.resetsAtMs ?? entry.keptUntilMs ?? null));

  function hold(requestId: Uuid, orgId: Uuid, entries: readonly HoldEntry[]): Admission | Refusal {
    const residents = residentsOf(orgId);
    const touched = countersOf(residents, entries);
    if (holds.has(requestId)) return { ok: true, states: touched.map(stateOf) };
    for (const [index, { mode, amount, cap }] of entries.entries()) {
      const counter = touched[index];
      if (mode === "block" && counter && isOver(counter.committed + counter.held, amount, cap))
        return { ok: false, refusedBy: index, state: stateOf(counter) };
    }
    keep(requestId, residents, entries, touched);
    return { ok: true, states: touched.map(stateOf) };
  }

  function extend(known: Hold, entries: readonly HoldEntry[]): Admission | Refusal {
    const touched = countersOf(known.residents, entries);
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
    hold,
    extend(requestId, orgId, entries) {
      const known = holds.get(requestId);
      return known ? extend(known, entries) : hold(requestId, orgId, entries);
    },
    letThrough(requestId, orgId, entries) {
      if (holds.has(requestId)) return;
      const residents = residentsOf(orgId);
      keep(requestId, residents, entries, countersOf(residents, entries));
    },
    settle: (requestId, _orgId, actual) => end(requestId, (entry) => used(entry, actual)),
    void: (requestId) => end(requestId, () => 0n),
    read: (_orgId, keys) => keys.map((key) => stateOf(counters.get(key) ?? EMPTY)),
    seed(orgId, { committed, onDemand = new Set() }) {
      const residents = residentsOf(orgId);
      residents.alsoDemand(onDemand);
      for (const [key, amount] of committed) {
        const counter = counterOf(residents, key, null);
        if (counter.committed < amount) counter.committed = amount;
      }
    },
    correct(orgId, { committed, onDemand = new Set() }) {
      const residents = residentsOf(orgId);
      residents.demand(onDemand, committed);
      for (const [key, amount] of committed)
        Object.assign(counterOf(residents, key, null), { committed: amount, isUnread: false });
    },
    missing(orgId, entries) {
      const residents = organisations.get(orgId);
      if (!residents || residents.isWhole) return NONE as string[];
      return entries.flatMap(({ counter }) => (residents.isMissing(counter) ? [counter] : []));
    },
    fill(orgId, committed) {
      const residents = residentsOf(orgId);
      for (const [key, amount] of committed)
        if (residents.isMissing(key))
          Object.assign(counterOf(residents, key, null), { committed: amount, isUnread: false });
    },
    needsSpool: (orgId, keys, at) => residentsOf(orgId).needsSpool(keys, at),
    heldOnDemand: (orgId) => organisations.get(orgId)?.held() ?? [],
    close: async () => {},
  };
}

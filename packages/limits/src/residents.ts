import type { Uuid } from "@tollgate/contracts/ids";
import { limitIdOf, startOf } from "./counter-key.ts";
import type { CounterState } from "./store.ts";

/** A counter in memory. */
export interface Counter extends CounterState {
  key: string;
  /** When it may be deleted; null: never. */
  untilMs: number | null;
  /** The generation in which it was last used. */
  generation: number;
  /** `committed` lacks earlier usage, which was not read: a call was let through. */
  isUnread: boolean;
}

export interface ResidentsOptions {
  now: () => number;
  /** The position in the spool up to which usage is written. */
  position: () => number;
  /** False while usage cannot be written to the spool: then only memory has it. */
  mayEvict: () => boolean;
  /** Counters of one organisation in memory. */
  most: number;
}

/** A process whose clock was ahead may have counted in a window that starts so much later. */
const SKEW_MS = 120_000;

/**
 * The counters of one organisation that are in memory, `counters` of all organisations. There are two generations: a used counter
 * moves to the young one. When that has half of the allowed counters, the old one is evicted, except counters with holds. The
 * limit of an evicted counter is read on demand from then on.
 */
export class Residents {
  readonly #options: ResidentsOptions;
  readonly #counters: Map<string, Counter>;
  /** Limits with counters that are not in memory. */
  #onDemand = new Set<Uuid>();
  /** A window that starts later has no counter but those in memory. */
  #freshSinceMs = Number.NEGATIVE_INFINITY;
  /** Where the usage of evicted counters ends in the spool. The ledger's amounts are whole if it has the spool up to here. */
  #evictedTo = 0;
  #generation = 0;
  #young: Counter[] = [];
  #old: Counter[] = [];
  /** The position when the old generation was closed. */
  #closedAt = 0;

  constructor(options: ResidentsOptions, counters: Map<string, Counter>) {
    this.#options = options;
    this.#counters = counters;
  }

  get isWhole(): boolean {
    return this.#onDemand.size === 0;
  }

  /** Its earlier usage must be read before it can be decided. */
  isMissing(key: string): boolean {
    if (!this.#onDemand.has(limitIdOf(key))) return false;
    const counter = this.#counters.get(key);
    if (counter) return counter.isUnread;
    const startMs = startOf(key);
    return startMs !== null && startMs <= this.#freshSinceMs;
  }

  /** The ledger, which has the spool up to `position`, lacks usage of some of these counters. */
  needsSpool(keys: Iterable<string>, position: number): boolean {
    if (position < this.#evictedTo) return true;
    for (const key of keys) if (this.#counters.get(key)?.isUnread) return true;
    return false;
  }

  add(key: string, untilMs: number | null): Counter {
    const isUnread = !this.isWhole && this.isMissing(key);
    const counter = { key, committed: 0n, held: 0n, untilMs, generation: -1, isUnread };
    this.#counters.set(key, counter);
    this.touch(counter);
    return counter;
  }

  /** Notes that it is used. */
  touch(counter: Counter): void {
    if (counter.generation === this.#generation) return;
    counter.generation = this.#generation;
    this.#young.push(counter);
    if (this.#young.length * 2 >= this.#options.most) this.#evict();
  }

  /** Only counters with holds stay of these limits, and those in `read`. The others are read on demand. */
  demand(limits: ReadonlySet<Uuid>, read: ReadonlyMap<string, bigint>): void {
    this.#onDemand = new Set(limits);
    if (limits.size === 0) return;
    for (const counter of this.#all())
      if (counter.held === 0n && limits.has(limitIdOf(counter.key)) && !read.has(counter.key)) this.#drop(counter);
    this.#demandFrom();
  }

  /** Adds limits whose counters are read on demand. Those in memory stay. */
  alsoDemand(limits: ReadonlySet<Uuid>): void {
    const before = this.#onDemand.size;
    for (const id of limits) this.#onDemand.add(id);
    if (this.#onDemand.size > before) this.#demandFrom();
  }

  /** Counters with holds of limits that are read on demand. */
  held(): string[] {
    if (this.isWhole) return [];
    const held = this.#all().filter((counter) => counter.held !== 0n && this.#onDemand.has(limitIdOf(counter.key)));
    return held.map(({ key }) => key);
  }

  #demandFrom(): void {
    const { now, position } = this.#options;
    this.#evictedTo = Math.max(this.#evictedTo, position());
    this.#freshSinceMs = Math.max(this.#freshSinceMs, now() + SKEW_MS);
  }

  #all(): Counter[] {
    return [...this.#old, ...this.#young].filter((counter) => this.#counters.get(counter.key) === counter);
  }

  #drop(counter: Counter): void {
    if (this.#counters.get(counter.key) === counter) this.#counters.delete(counter.key);
  }

  #evict(): void {
    const { now, position, mayEvict } = this.#options;
    if (!mayEvict()) return;
    const [evicted, evictedTo] = [this.#old, this.#closedAt];
    [this.#old, this.#young] = [this.#young, []];
    this.#closedAt = position();
    this.#generation += 1;
    let isAny = false;
    for (const counter of evicted) {
      if (this.#counters.get(counter.key) !== counter || counter.generation >= this.#generation - 1) continue;
      if (counter.held !== 0n) {
        counter.generation = this.#generation;
        this.#young.push(counter);
        continue;
      }
      this.#drop(counter);
      if (startOf(counter.key) === null) continue;
      this.#onDemand.add(limitIdOf(counter.key));
      isAny = true;
    }
    if (!isAny) return;
    this.#evictedTo = Math.max(this.#evictedTo, evictedTo);
    this.#freshSinceMs = Math.max(this.#freshSinceMs, now());
  }
}

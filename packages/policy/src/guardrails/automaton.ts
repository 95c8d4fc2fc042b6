import type { Budget } from "./budget.ts";
import { foldedAt } from "./fold.ts";

const NONE = -1;
const CHUNK = 1024;
const NO_PAGE = new Uint16Array(256);

/** Called at each match: the number of the pattern, and the end of the match, exclusive. */
export type OnMatch = (pattern: number, end: number) => void;

/**
 * Finds many patterns in one pass (Aho-Corasick). The time does not depend on the number of patterns. Memory is linear
 * in their length: edges are in a hash table, and only characters that occur in a pattern get a class of their own.
 */
export class Automaton {
  readonly #ignoresCase: boolean;
  readonly #pages: Uint16Array[] = new Array(256).fill(NO_PAGE);
  #classes = 1;
  #states = 1;
  #keys: Float64Array;
  #targets: Int32Array;
  readonly #mask: number;
  readonly #fails: Int32Array;
  /** The first pattern that ends in a state. */
  readonly #ends: Int32Array;
  /** The next state along the failure links in which a pattern ends. */
  readonly #shorter: Int32Array;
  /** The next pattern with the same text. */
  readonly #twins: Int32Array;

  /** Empty patterns match nothing. With `ignoresCase`, patterns must already be in lower case (`fold`). */
  constructor(patterns: readonly string[], { ignoresCase }: { ignoresCase: boolean }) {
    this.#ignoresCase = ignoresCase;
    const chars = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
    const slots = 1 << Math.ceil(Math.log2(chars * 2 + 2));
    this.#mask = slots - 1;
    this.#keys = new Float64Array(slots).fill(NONE);
    this.#targets = new Int32Array(slots);
    this.#fails = new Int32Array(chars);
    this.#ends = new Int32Array(chars).fill(NONE);
    this.#shorter = new Int32Array(chars);
    this.#twins = new Int32Array(patterns.length).fill(NONE);
    for (const pattern of patterns) for (let at = 0; at < pattern.length; at++) this.#addClass(pattern.charCodeAt(at));
    for (const [index, pattern] of patterns.entries()) this.#add(index, pattern);
    this.#link(patterns);
  }

  /** Throws `BudgetSpent`. */
  scan(text: string, budget: Budget, onMatch: OnMatch): void {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      if (at % CHUNK === 0) budget.spend(Math.min(CHUNK, text.length - at));
      const unit = this.#ignoresCase ? foldedAt(text, at) : text.charCodeAt(at);
      const kind = this.#pages[unit >> 8]?.[unit & 0xff] ?? 0;
      state = kind === 0 ? 0 : this.#next(state, kind);
      for (let end = this.#ends[state] === NONE ? (this.#shorter[state] ?? 0) : state; end !== 0; ) {
        for (let pattern = this.#ends[end] ?? NONE; pattern !== NONE; pattern = this.#twins[pattern] ?? NONE) {
          budget.spend(1);
          onMatch(pattern, at + 1);
        }
        end = this.#shorter[end] ?? 0;
      }
    }
  }

  #next(from: number, kind: number): number {
    let state = from;
    for (;;) {
      const target = this.#edge(state, kind);
      if (target !== 0 || state === 0) return target;
      state = this.#fails[state] ?? 0;
    }
  }

  /** The next state, or 0 if there is no such edge. */
  #edge(state: number, kind: number): number {
    const key = state * this.#classes + kind;
    for (let slot = this.#slot(key); ; slot = (slot + 1) & this.#mask) {
      const found = this.#keys[slot];
      if (found === key) return this.#targets[slot] ?? 0;
      if (found === NONE) return 0;
    }
  }

  #slot(key: number): number {
    return (Math.imul(key | 0, 0x9e3779b1) >>> 8) & this.#mask;
  }

  #addClass(unit: number): void {
    const high = unit >> 8;
    if (this.#pages[high] === NO_PAGE) this.#pages[high] = new Uint16Array(256);
    const page = this.#pages[high];
    if (page && page[unit & 0xff] === 0) page[unit & 0xff] = this.#classes++;
  }

  #classOf(unit: number): number {
    return this.#pages[unit >> 8]?.[unit & 0xff] ?? 0;
  }

  #add(index: number, pattern: string): void {
    if (pattern === "") return;
    let state = 0;
    for (let at = 0; at < pattern.length; at++) {
      const kind = this.#classOf(pattern.charCodeAt(at));
      state = this.#edge(state, kind) || this.#addEdge(state, kind);
    }
    this.#twins[index] = this.#ends[state] ?? NONE;
    this.#ends[state] = index;
  }

  #addEdge(state: number, kind: number): number {
    const key = state * this.#classes + kind;
    let slot = this.#slot(key);
    while (this.#keys[slot] !== NONE) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = key;
    this.#targets[slot] = this.#states;
    return this.#states++;
  }

  /** Breadth first: each round adds the next character of all patterns. */
  #link(patterns: readonly string[]): void {
    let open = patterns.filter((pattern) => pattern !== "").map((pattern) => ({ pattern, state: 0 }));
    const isLinked = new Uint8Array(this.#states);
    for (let depth = 0; open.length > 0; depth++) {
      open = open.filter(({ pattern }) => depth < pattern.length);
      for (const each of open) {
        const kind = this.#classOf(each.pattern.charCodeAt(depth));
        const parent = each.state;
        each.state = this.#edge(parent, kind);
        if (isLinked[each.state]) continue;
        isLinked[each.state] = 1;
        const fail = parent === 0 ? 0 : this.#next(this.#fails[parent] ?? 0, kind);
        this.#fails[each.state] = fail;
        this.#shorter[each.state] = this.#ends[fail] === NONE ? (this.#shorter[fail] ?? 0) : fail;
      }
    }
  }
}

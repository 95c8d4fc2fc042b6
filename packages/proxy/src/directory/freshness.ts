import type { Uuid } from "@tollgate/contracts/ids";

export interface PolicyAge {
  /** Milliseconds since the oldest organisation in memory was last known to be current. */
  ageMs: number;
  /** Organisations older than what was asked for. */
  stale: number;
  /** The oldest of them, at most as many as asked for. */
  oldest: { orgId: Uuid; ageMs: number }[];
}

export interface Bounds {
  staleAfterMs: number;
  /** Organisations to be named. */
  most: number;
}

interface Behind {
  /** When what is in memory was last known to be current. */
  currentAtMs: number;
  /** When the change that is not read yet was noticed. */
  noticedAtMs: number;
}

/** When the log was last read longer ago than this, keys may have been created since: reads were missed. */
const LOG_AGE_MAX_MS = 5_000;
/** A change is normally read in milliseconds; after this the reading counts as late. */
const READ_LATE_MS = 1_000;

/**
 * How old the policy in memory is. It is current as of the last reading of the log of changes, apart from what has changed and
 * is not read again yet: while that is so, its organisation grows old by itself, whatever happens to the others. Times are
 * milliseconds of one monotonic clock.
 */
export class Freshness {
  #logReadAtMs = Number.NEGATIVE_INFINITY;
  /** Infinitely long ago when there is none. */
  #copiedAtMs = Number.NEGATIVE_INFINITY;
  #isLogRead = false;
  /** What is behind, by organisation: its own policy, or keys. */
  readonly #behind = new Map<Uuid, Map<string, Behind>>();

  /** Nothing but a copy on disk is known, which was current then. */
  copied(atMs: number): void {
    [this.#logReadAtMs, this.#copiedAtMs] = [atMs, atMs];
  }

  /** In that copy an organisation was behind. */
  copiedBehind(orgId: Uuid, what: string, atMs: number, currentAtMs: number): void {
    this.#behind.set(orgId, new Map([[what, { currentAtMs, noticedAtMs: atMs }]]));
  }

  /** The log was read as of then; what it says has changed was noticed before. */
  logRead(startedAtMs: number): void {
    this.#logReadAtMs = startedAtMs;
    this.#isLogRead = true;
  }

  /**
   * Something of an organisation has changed, or (`isCopied`) is from the copy on disk and could not be read. Repeated until it
   * is read, it counts from the first time.
   */
  noticed(orgId: Uuid, what: string, atMs: number, isCopied: boolean): void {
    const behind = this.#behind.get(orgId);
    if (behind?.has(what)) return;
    const added = { currentAtMs: isCopied ? this.#copiedAtMs : this.#logReadAtMs, noticedAtMs: atMs };
    if (behind) behind.set(what, added);
    else this.#behind.set(orgId, new Map([[what, added]]));
  }

  read(orgId: Uuid, what: string): void {
    const behind = this.#behind.get(orgId);
    if (behind?.delete(what) && behind.size === 0) this.#behind.delete(orgId);
  }

  /** Whether the log is followed closely enough that a key which was not found a moment ago is still not there. */
  follows(atMs: number): boolean {
    return this.#isLogRead && atMs - this.#logReadAtMs < LOG_AGE_MAX_MS;
  }

  /** Organisations that are behind, and when each was last known to be current. */
  behind(): [Uuid, number][] {
    return [...this.#behind].map(([orgId, each]) => [orgId, this.#currentAtMs(each)]);
  }

  logAgeMs(atMs: number): number {
    return atMs - this.#logReadAtMs;
  }

  /** Whether what is in memory is current. */
  isCurrent(atMs: number): boolean {
    if (!this.follows(atMs)) return false;
    for (const behind of this.#behind.values())
      for (const { noticedAtMs } of behind.values()) if (atMs - noticedAtMs >= READ_LATE_MS) return false;
    return true;
  }

  ageMs(orgId: Uuid, atMs: number): number {
    return atMs - this.#currentAtMs(this.#behind.get(orgId));
  }

  /** `known` are the organisations in memory. */
  summary(known: ReadonlySet<Uuid>, atMs: number, { staleAfterMs, most }: Bounds): PolicyAge {
    const logAgeMs = this.logAgeMs(atMs);
    const behind = [...this.#behind].map(([orgId, each]) => ({ orgId, ageMs: atMs - this.#currentAtMs(each) }));
    const stale = behind.filter(({ ageMs }) => ageMs >= staleAfterMs).sort((a, b) => b.ageMs - a.ageMs);
    const oldest = stale.slice(0, most);
    // All the others are as old as the log.
    const areOthersStale = logAgeMs >= staleAfterMs;
    let others = 0;
    if (areOthersStale)
      for (const orgId of known) {
        if (this.#behind.has(orgId)) continue;
        others += 1;
        if (oldest.length < most) oldest.push({ orgId, ageMs: logAgeMs });
      }
    return {
      ageMs: behind.reduce((max, { ageMs }) => Math.max(max, ageMs), logAgeMs),
      stale: stale.length + others,
      oldest,
    };
  }

  #currentAtMs(behind: ReadonlyMap<string, Behind> | undefined): number {
    let oldest = this.#logReadAtMs;
    for (const { currentAtMs } of behind?.values() ?? []) oldest = Math.min(oldest, currentAtMs);
    return oldest;
  }
}

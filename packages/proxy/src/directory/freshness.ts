import type { Uuid } from "@tollgate/contracts/ids";

export interface PolicyAge {
  /** Milliseconds since the oldest organisation in memory was last known to be current. */
  ageMs: number;
  /** Number of organisations above the requested age. */
  stale: number;
  /** The oldest of them, at most the requested number. */
  oldest: { orgId: Uuid; ageMs: number }[];
}

export interface Bounds {
  staleAfterMs: number;
  /** Maximum number of organisations to name. */
  most: number;
}

interface Behind {
  /** The last time at which memory was known to be current. */
  currentAtMs: number;
  /** The time at which the unread change was noticed. */
  noticedAtMs: number;
}

/** If the last read of the log is older than this, reads were missed, and keys may have been created since. */
const LOG_AGE_MAX_MS = 5_000;
/** A change is normally read within milliseconds. After this time it counts as late. */
const READ_LATE_MS = 1_000;

/**
 * The age of the policy in memory. It is current as of the last read of the log of changes, except for objects that
 * have changed and are not read again yet: their organisation then ages separately from the others. Times are
 * milliseconds of one monotonic clock.
 */
export class Freshness {
  #logReadAtMs = Number.NEGATIVE_INFINITY;
  /** -Infinity if there was none. */
  #copiedAtMs = Number.NEGATIVE_INFINITY;
  #isLogRead = false;
  /** The objects that are not current, by organisation: its own policy, or keys. */
  readonly #behind = new Map<Uuid, Map<string, Behind>>();

  /** Only the copy on disk is known, which was current at that time. */
  copied(atMs: number): void {
    [this.#logReadAtMs, this.#copiedAtMs] = [atMs, atMs];
  }

  /** The organisation was not current when the copy was written. */
  copiedBehind(orgId: Uuid, what: string, atMs: number, currentAtMs: number): void {
    this.#behind.set(orgId, new Map([[what, { currentAtMs, noticedAtMs: atMs }]]));
  }

  /** The log was read at that time. Its changes were reported before. */
  logRead(startedAtMs: number): void {
    this.#logReadAtMs = startedAtMs;
    this.#isLogRead = true;
  }

  /**
   * Something of an organisation has changed, or (`isCopied`) is from the copy on disk and could not be read. Repeated
   * until it is read, it counts from the first time.
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

  /** Whether the log was read recently enough to say that a key that was not found before still does not exist. */
  follows(atMs: number): boolean {
    return this.#isLogRead && atMs - this.#logReadAtMs < LOG_AGE_MAX_MS;
  }

  /** Organisations that are not current, with the last time at which each was known to be current. */
  behind(): [Uuid, number][] {
    return [...this.#behind].map(([orgId, each]) => [orgId, this.#currentAtMs(each)]);
  }

  logAgeMs(atMs: number): number {
    return atMs - this.#logReadAtMs;
  }

  /** Whether memory is current. */
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
    // The age of all others is the age of the log.
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

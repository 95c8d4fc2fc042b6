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

/** A list of revisions older than this says nothing about keys made since: two polls were missed. */
const LISTED_MAX_MS = 12_000;
/** A change is normally read in milliseconds; after this the reading counts as late. */
const READ_LATE_MS = 1_000;

/**
 * How old the policy in memory is. An organisation is current as of the last list of revisions that had the one in
 * memory, or as of its own last successful read; while a change is noticed and not read, it grows old by itself,
 * whatever happens to the others. Times are milliseconds of one monotonic clock.
 */
export class Freshness {
  #listedAtMs: number;
  #isListed = false;
  /** In the order in which their changes were noticed. */
  readonly #behind = new Map<Uuid, Behind>();
  readonly #late = new Set<Uuid>();

  /** `copiedAtMs`: when a copy loaded from disk was current; infinitely long ago when there is none. */
  constructor(copiedAtMs: number) {
    this.#listedAtMs = copiedAtMs;
  }

  /** All organisations were read, or their revisions were; those that differ are then noticed. */
  listed(startedAtMs: number): void {
    this.#listedAtMs = startedAtMs;
    this.#isListed = true;
  }

  /** An organisation has changed. Repeated until it is read, it counts from the first time. */
  noticed(orgId: Uuid, atMs: number): void {
    if (!this.#behind.has(orgId)) this.#behind.set(orgId, { currentAtMs: this.#listedAtMs, noticedAtMs: atMs });
  }

  read(orgId: Uuid): void {
    this.#behind.delete(orgId);
    this.#late.delete(orgId);
  }

  /** Its change was not announced in time, or could not be read: what is in memory is known to be old. */
  late(orgId: Uuid): void {
    this.#late.add(orgId);
  }

  /** Whether a key that is not in memory can be said not to exist. Changes are announced since `announcedSinceMs`. */
  knowsAll(announcedSinceMs: number, atMs: number): boolean {
    if (!this.#isListed || this.#listedAtMs < announcedSinceMs || this.#late.size > 0) return false;
    if (atMs - this.#listedAtMs >= LISTED_MAX_MS) return false;
    const first = this.#behind.values().next();
    return first.done === true || atMs - first.value.noticedAtMs < READ_LATE_MS;
  }

  /** Forgets changes of organisations that are gone. */
  keepOnly(orgIds: { has(orgId: Uuid): boolean }): void {
    for (const orgId of this.#behind.keys()) if (!orgIds.has(orgId)) this.read(orgId);
  }

  ageMs(orgId: Uuid, atMs: number): number {
    return atMs - (this.#behind.get(orgId)?.currentAtMs ?? this.#listedAtMs);
  }

  /** `known` are the organisations in memory. */
  summary(known: readonly Uuid[], atMs: number, { staleAfterMs, most }: Bounds): PolicyAge {
    const listAgeMs = atMs - this.#listedAtMs;
    const behind = [...this.#behind].map(([orgId, { currentAtMs }]) => ({ orgId, ageMs: atMs - currentAtMs }));
    // All the others are as old as the list.
    const others = listAgeMs < staleAfterMs ? [] : known.filter((orgId) => !this.#behind.has(orgId));
    const stale = behind.filter(({ ageMs }) => ageMs >= staleAfterMs).sort((a, b) => b.ageMs - a.ageMs);
    const oldest = [...stale.slice(0, most), ...others.slice(0, most).map((orgId) => ({ orgId, ageMs: listAgeMs }))];
    return {
      ageMs: behind.reduce((max, { ageMs }) => Math.max(max, ageMs), listAgeMs),
      stale: stale.length + others.length,
      oldest: oldest.slice(0, most),
    };
  }
}

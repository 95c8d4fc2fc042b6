import { BoundedMap } from "./bounded-map.ts";

interface Asker {
  bytes: number;
  /** Keys that do not exist, as of `atMs`. */
  misses: number;
  atMs: number;
  underWay: number;
}

/** Unknown keys that an address may look up at once, and then per second. */
const [MISSES_MAX, MISSES_A_SECOND] = [200, 5];
/** Maximum number of keys of one address that wait for Postgres. */
const UNDER_WAY_MAX = 2_000;
const ADDRESSES_MAX = 20_000;

/** Limits how often an address causes look-ups of keys that do not exist. Existing keys do not count. */
export class UnknownKeys {
  readonly #askers = new BoundedMap<Asker>({ entriesMax: ADDRESSES_MAX, bytesMax: Number.POSITIVE_INFINITY });
  readonly #clock: () => number;

  /** `clock`: milliseconds of a monotonic clock. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** False: this address may not cause a read now. Otherwise the caller must call `end` once. */
  begin(address: string | null): boolean {
    const asker = this.#asker(address);
    if (asker.misses >= MISSES_MAX || asker.underWay >= UNDER_WAY_MAX) return false;
    asker.underWay += 1;
    return true;
  }

  end(address: string | null, isMiss: boolean): void {
    const asker = this.#asker(address);
    asker.underWay = Math.max(0, asker.underWay - 1);
    if (isMiss) asker.misses += 1;
  }

  #asker(address: string | null): Asker {
    const name = networkOf(address ?? "");
    const atMs = this.#clock();
    let asker = this.#askers.get(name);
    if (!asker) {
      asker = { bytes: 0, misses: 0, atMs, underWay: 0 };
      this.#askers.set(name, asker);
    }
    asker.misses = Math.max(0, asker.misses - ((atMs - asker.atMs) / 1_000) * MISSES_A_SECOND);
    asker.atMs = atMs;
    return asker;
  }
}

/** For IPv6 the whole /64 counts, because one customer has all of it. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const front = head.split(":").filter((part) => part !== "");
  if (tail === undefined) return front.slice(0, 4).join(":");
  const back = tail.split(":").filter((part) => part !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  return [...front, ...zeros, ...back].slice(0, 4).join(":");
}

import { BoundedMap } from "./bounded-map.ts";

interface Asker {
  bytes: number;
  /** Keys that do not exist, as of `atMs`. */
  misses: number;
  atMs: number;
  underWay: number;
}

/** Unknown keys that an address may ask for at once, and then each second. */
const [MISSES_MAX, MISSES_A_SECOND] = [200, 5];
/** Keys of one address that may wait for Postgres. */
const UNDER_WAY_MAX = 2_000;
const ADDRESSES_MAX = 20_000;

/** Bounds how often an address makes Postgres look for keys that do not exist. Keys that exist cost it nothing. */
export class UnknownKeys {
  readonly #askers = new BoundedMap<Asker>({ entriesMax: ADDRESSES_MAX, bytesMax: Number.POSITIVE_INFINITY });
  readonly #clock: () => number;

  /** `clock`: milliseconds of a clock that is never set. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** False: this address may not make us read now. Otherwise `end` is to be called once. */
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

/** One customer has a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const front = head.split(":").filter((part) => part !== "");
  if (tail === undefined) return front.slice(0, 4).join(":");
  const back = tail.split(":").filter((part) => part !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  return [...front, ...zeros, ...back].slice(0, 4).join(":");
}

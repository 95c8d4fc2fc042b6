import type { Asker } from "../ports.ts";
import { BoundedMap } from "./bounded-map.ts";

interface Counted {
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
/** A sender that names its clients may be a reverse proxy: together they may have so many times as much. */
const FORWARDER_TIMES = 20;
const ADDRESSES_MAX = 20_000;

type Sender = Pick<Asker, "clientAddress" | "claimedAddress">;

/** A counted address, and how many times the bounds of one client it may have. */
type Share = [counted: Counted, times: number];

/**
 * Limits how often an address causes look-ups of keys that do not exist. Existing keys do not count. Behind a reverse proxy that is
 * not trusted, each client that it names has a bound of its own, and all together have a larger one.
 */
export class UnknownKeys {
  readonly #counted = new BoundedMap<Counted>({ entriesMax: ADDRESSES_MAX, bytesMax: Number.POSITIVE_INFINITY });
  readonly #clock: () => number;
  readonly #onForwarder: (address: string) => void;
  #isForwarderKnown = false;

  /** `clock`: milliseconds of a monotonic clock. `onForwarder` is called once, with the first sender that names its clients. */
  constructor(clock: () => number, onForwarder: (address: string) => void = () => {}) {
    this.#clock = clock;
    this.#onForwarder = onForwarder;
  }

  /** False: this sender may not cause a read now. Otherwise the caller must call `end` once. */
  begin(sender: Sender): boolean {
    const shares = this.#shares(sender);
    const isOver = ([{ misses, underWay }, times]: Share): boolean =>
      misses >= MISSES_MAX * times || underWay >= UNDER_WAY_MAX * times;
    if (shares.some(isOver)) return false;
    for (const [counted] of shares) counted.underWay += 1;
    return true;
  }

  end(sender: Sender, isMiss: boolean): void {
    for (const [counted] of this.#shares(sender)) {
      counted.underWay = Math.max(0, counted.underWay - 1);
      if (isMiss) counted.misses += 1;
    }
  }

  #shares({ clientAddress, claimedAddress = null }: Sender): Share[] {
    const address = clientAddress ?? "";
    const name = networkOf(address);
    if (claimedAddress === null) return [[this.#of(name, 1), 1]];
    if (!this.#isForwarderKnown) this.#onForwarder(address);
    this.#isForwarderKnown = true;
    return [
      [this.#of(`${name} for ${networkOf(claimedAddress)}`, 1), 1],
      [this.#of(`${name} for others`, FORWARDER_TIMES), FORWARDER_TIMES],
    ];
  }

  #of(name: string, times: number): Counted {
    const atMs = this.#clock();
    let counted = this.#counted.get(name);
    if (!counted) {
      counted = { bytes: 0, misses: 0, atMs, underWay: 0 };
      this.#counted.set(name, counted);
    }
    counted.misses = Math.max(0, counted.misses - ((atMs - counted.atMs) / 1_000) * MISSES_A_SECOND * times);
    counted.atMs = atMs;
    return counted;
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

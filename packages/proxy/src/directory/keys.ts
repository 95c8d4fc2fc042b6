import { TollgateError } from "@tollgate/contracts/errors";
import type { Grant, KeyPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { atOnce, inTurns, type Steps } from "../body/steps.ts";
import type { Asker, Log } from "../ports.ts";
import { BatchedReads } from "./batched-reads.ts";
import { BoundedMap, type Bounds } from "./bounded-map.ts";
import { type KeyState, KeyStates, type Stamped } from "./key-states.ts";
import { PolicyFault, parseKey, policyLane } from "./parse-policy.ts";
import { policyUnavailable } from "./policy-unavailable.ts";
import { UnknownKeys } from "./unknown-keys.ts";

export interface KeyEntry extends Stamped {
  bytes: number;
  key: KeyPolicy;
  /** Epoch ms of the last use. */
  usedMs: number;
  /** Built from the key and from the organisation at that time. */
  grant?: Grant;
}

export interface KeysOptions {
  read: (publicIds: readonly string[]) => Promise<Map<string, unknown>>;
  log: Log;
  clock: () => number;
  /** Postgres does not answer: memory is used without a query. */
  isAway: () => boolean;
  /** A replica may answer, or Postgres. */
  mayRead: () => boolean;
  /** A key that was not found before still does not exist. */
  follows: () => boolean;
  onFailed: (error: unknown) => void;
  /** A key in memory has changed, or (`isCopied`) could not be compared with the database; called when it has been read. */
  onBehind: (orgId: Uuid, publicId: string, isCopied: boolean) => void;
  onRead: (orgId: Uuid, publicId: string) => void;
  /** A key in memory was replaced or removed. */
  onKept: (orgId: Uuid, publicId: string) => void;
  bounds?: Bounds;
}

/** At about a kilobyte each, 100,000 keys take 100 MB. */
const BOUNDS: Bounds = { entriesMax: 100_000, bytesMax: 128 * 1024 * 1024 };
/** Maximum number of unknown ids that are remembered. */
const ABSENT_MAX = 50_000;
const READ_MAX = 200;
const ENTRIES_A_STEP = 10;
/** Up to this number of keys are visited at once; more are visited in steps. */
const AT_ONCE_MAX = 200;
/** Maximum number of changed keys that one call of `readChanged` asks for; the next call asks for the others. */
const CHANGED_READS_MAX = 5_000;

type Parsed = KeyPolicy | PolicyFault;

/** Keys. Each is read on first use, and kept current with the log of changes. */
export class Keys {
  readonly #options: KeysOptions;
  readonly #entries: BoundedMap<KeyEntry>;
  readonly #absent = new BoundedMap({ entriesMax: ABSENT_MAX, bytesMax: Number.POSITIVE_INFINITY });
  readonly #unknown: UnknownKeys;
  readonly #reads: BatchedReads<Parsed>;
  readonly #states = new KeyStates();
  /** In memory, changed, and not read again yet. */
  readonly #changed = new Map<string, Uuid>();
  #isReadingChanged = false;

  constructor(options: KeysOptions) {
    this.#options = options;
    this.#entries = new BoundedMap(options.bounds ?? BOUNDS);
    this.#unknown = new UnknownKeys(options.clock, (address) =>
      options.log.warn(
        { address },
        "a sender that is not in TOLLGATE_TRUSTED_PROXIES sends X-Forwarded-For. If it is your reverse proxy, add its address: until then all clients behind it count as one",
      ),
    );
    this.#reads = new BatchedReads({
      ask: async (publicIds) => inTurns(parseKeys(await options.read(publicIds)), policyLane),
      apply: (publicId, parsed) => this.#apply(publicId, parsed),
      most: READ_MAX,
      onFailed: options.onFailed,
    });
  }

  /** In memory and current. */
  current(publicId: string, atMs: number): KeyEntry | undefined {
    const entry = this.#entries.get(publicId);
    if (!entry || this.#stateOf(entry) !== "current") return undefined;
    entry.usedMs = atMs;
    return entry;
  }

  /** Reads the key if necessary. Undefined: it does not exist. Rejects with 429 and 503. */
  async load(publicId: string, asker: Asker): Promise<KeyEntry | undefined> {
    const { isAway, mayRead, follows } = this.#options;
    const known = this.#entries.get(publicId);
    if (known) return this.#again(publicId, known, asker);
    if (this.#absent.get(publicId) && follows()) return undefined;
    if (!mayRead()) throw policyUnavailable();
    if (!this.#unknown.begin(asker)) throw tooManyUnknown();
    let isMiss = false;
    try {
      await this.#reads.read(publicId);
      const entry = this.#entries.get(publicId);
      isMiss = !entry;
      // A replica does not know a key that was created a moment ago.
      if (!entry && isAway()) throw policyUnavailable();
      if (entry) entry.usedMs = asker.atMs;
      return entry;
    } catch {
      throw policyUnavailable();
    } finally {
      this.#unknown.end(asker, isMiss);
    }
  }

  /** The key in memory. If it is not current, a read is started for later calls. */
  peek(publicId: string): KeyPolicy | undefined {
    const entry = this.#entries.get(publicId);
    const isCurrent = entry !== undefined && this.#stateOf(entry) === "current";
    if (!isCurrent && !this.#options.isAway() && !this.#absent.get(publicId))
      this.#reads.read(publicId).catch(() => {});
    return entry?.key;
  }

  /** It has changed according to the log. */
  changed(publicId: string): void {
    this.#reads.changed(publicId);
    this.#absent.delete(publicId);
    const entry = this.#entries.peek(publicId);
    if (!entry) return;
    const state = this.#states.of(entry);
    if (state !== "copied") [entry.state, entry.stamp] = ["changed", this.#states.now];
    this.#behind(publicId, entry);
  }

  /** All keys of these members are read again before their next use. They are marked one by one, in steps. */
  membersChanged(memberIds: ReadonlySet<Uuid>): void {
    // Keys that are being read may belong to these members.
    this.#reads.allChanged();
    const stamp = this.#states.membersChanged(memberIds);
    void this.#walk(this.#entries.size, this.#markMembers(memberIds, stamp));
  }

  /** Memory may differ from the database. */
  distrust(): void {
    this.#reads.allChanged();
    this.#absent.clear();
    this.#states.distrust();
  }

  /** The copied keys are current, except those of these organisations and those that the log names. */
  trust(but: { has(orgId: Uuid): boolean }): void {
    this.#states.trust(but);
  }

  /** Postgres answers again. */
  retry(): void {
    this.#reads.retry();
  }

  /** Reads changed keys again. */
  readChanged(): void {
    if (this.#isReadingChanged) return;
    this.#isReadingChanged = true;
    void this.#walk(this.#changed.size, this.#startReads());
  }

  /** Adds a key from the copy on disk, which is used if it cannot be read. */
  restore(key: KeyPolicy, usedMs: number): void {
    if (this.#entries.peek(key.publicId)) return;
    this.#entries.set(key.publicId, { bytes: sizeOf(key), key, state: "copied", stamp: this.#states.now, usedMs });
  }

  /** In memory, and from this database. */
  trusted(publicId: string): KeyEntry | undefined {
    const entry = this.#entries.peek(publicId);
    return entry && this.#states.of(entry) === "copied" ? undefined : entry;
  }

  entries(): Iterable<[string, KeyEntry]> {
    return this.#entries.entries();
  }

  async #again(publicId: string, known: KeyEntry, { atMs }: Asker): Promise<KeyEntry | undefined> {
    // A key in use must work independently of Postgres.
    if (this.#stateOf(known) !== "current" && !this.#options.isAway())
      await this.#reads.read(publicId).catch(() => {
        const kept = this.#entries.peek(publicId);
        if (kept) this.#behind(publicId, kept);
      });
    const entry = this.#entries.get(publicId);
    if (entry) entry.usedMs = atMs;
    return entry;
  }

  #apply(publicId: string, parsed: Parsed | undefined): void {
    if (parsed instanceof PolicyFault) {
      this.#options.log.error({ field: parsed.field, reason: parsed.reason }, "a key's policy cannot be read");
      throw parsed;
    }
    const before = this.#entries.peek(publicId);
    if (parsed) {
      const usedMs = before?.usedMs ?? 0;
      const stamp = this.#states.now;
      this.#entries.set(publicId, { bytes: sizeOf(parsed), key: parsed, state: "current", stamp, usedMs });
      this.#absent.delete(publicId);
    } else {
      this.#entries.delete(publicId);
      this.#absent.set(publicId, { bytes: 0 });
    }
    const orgId = this.#changed.get(publicId);
    if (orgId !== undefined) this.#wasRead(publicId, orgId);
    const keptOf = parsed?.orgId ?? before?.key.orgId;
    if (keptOf !== undefined) this.#options.onKept(keptOf, publicId);
  }

  #behind(publicId: string, entry: KeyEntry): void {
    const { orgId } = entry.key;
    this.#changed.set(publicId, orgId);
    this.#options.onBehind(orgId, publicId, this.#states.of(entry) === "copied");
  }

  /**
   * Marks the entry itself as changed, because a used entry moves in the map, and the walk over the keys may miss it.
   */
  #stateOf(entry: KeyEntry): KeyState {
    const state = this.#states.of(entry);
    if (state === "changed" && entry.state !== "changed") this.changed(entry.key.publicId);
    return state;
  }

  *#markMembers(memberIds: ReadonlySet<Uuid>, stamp: number): Steps<void> {
    let seen = 0;
    for (const [publicId, { key, stamp: readAt }] of this.#entries.entries()) {
      if (key.memberId !== null && readAt < stamp && memberIds.has(key.memberId)) this.changed(publicId);
      seen += 1;
      if (seen % ENTRIES_A_STEP === 0) yield;
    }
    this.#states.marked(memberIds, stamp);
  }

  *#startReads(): Steps<void> {
    let started = 0;
    for (const [publicId, orgId] of this.#changed) {
      if (this.#entries.peek(publicId)) this.#reads.read(publicId).catch(() => {});
      else this.#wasRead(publicId, orgId);
      started += 1;
      if (started === CHANGED_READS_MAX) break;
      if (started % ENTRIES_A_STEP === 0) yield;
    }
    this.#isReadingChanged = false;
  }

  /** Runs the steps. If there are many keys, other work runs between the steps. */
  async #walk(size: number, steps: Steps<void>): Promise<void> {
    if (size <= AT_ONCE_MAX) atOnce(steps);
    else await inTurns(steps, policyLane);
  }

  #wasRead(publicId: string, orgId: Uuid): void {
    this.#changed.delete(publicId);
    this.#options.onRead(orgId, publicId);
  }
}

function* parseKeys(rows: Map<string, unknown>): Steps<Map<string, Parsed>> {
  const parsed = new Map<string, Parsed>();
  for (const [publicId, row] of rows) {
    try {
      parsed.set(publicId, parseKey(publicId, row));
    } catch (fault) {
      if (!(fault instanceof PolicyFault)) throw fault;
      parsed.set(publicId, fault);
    }
    if (parsed.size % ENTRIES_A_STEP === 0) yield;
  }
  return parsed;
}

const tooManyUnknown = (): TollgateError =>
  new TollgateError("rate_limit_exceeded", "This address used too many keys that do not exist; try again later.", {
    retryAfterSeconds: 10,
  });

const KEY_BYTES = 900;
const SECRET_BYTES = 250;

/** Approximate size in memory. */
function sizeOf({ name, allow, deny, secrets }: KeyPolicy): number {
  const lists = [...(allow ?? []), ...deny].reduce((sum, entry) => sum + entry.length + 40, 0);
  return KEY_BYTES + name.length + lists + secrets.length * SECRET_BYTES;
}

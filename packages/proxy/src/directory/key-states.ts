import type { KeyPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";

/**
 * `changed`: it is being read again. `copied`: from the copy on disk, or of a database that was restored. Both are read before
 * they are used, and used as they are only if that fails.
 */
export type KeyState = "current" | "changed" | "copied";

/** What a key in memory needs so that its state can be told. */
export interface Stamped {
  key: Pick<KeyPolicy, "orgId" | "memberId">;
  /** Its own state at that stamp; later events can change it. */
  state: KeyState;
  stamp: number;
}

/**
 * The states of keys in memory. What concerns all keys, or all keys of a member, is stored once and compared with the stamp of a
 * key when it is used: a hundred thousand keys in memory cost an event nothing.
 */
export class KeyStates {
  /** Counts the events below, so that a key with an older stamp was read before them. */
  #now = 1;
  #distrustedAt = 0;
  #trusted: { at: number; but: { has(orgId: Uuid): boolean } } | null = null;
  readonly #members = new Map<Uuid, number>();

  get now(): number {
    return this.#now;
  }

  of({ key, state, stamp }: Stamped): KeyState {
    if (state === "copied" || stamp < this.#distrustedAt) return this.#ofCopied(key, stamp);
    if (this.#members.size === 0 || state !== "current" || key.memberId === null) return state;
    return stamp < (this.#members.get(key.memberId) ?? 0) ? "changed" : state;
  }

  /** Memory may differ from the database: all keys are as copied. */
  distrust(): void {
    this.#now += 1;
    this.#distrustedAt = this.#now;
    this.#trusted = null;
  }

  /** The copied keys are current, except those of these organisations. */
  trust(but: { has(orgId: Uuid): boolean }): void {
    this.#now += 1;
    this.#trusted = { at: this.#now, but };
  }

  /** Keys of these members have changed, until `marked`. Returns its stamp. */
  membersChanged(memberIds: ReadonlySet<Uuid>): number {
    this.#now += 1;
    for (const memberId of memberIds) this.#members.set(memberId, this.#now);
    return this.#now;
  }

  /** All keys of these members have the state themselves now. */
  marked(memberIds: ReadonlySet<Uuid>, stamp: number): void {
    for (const memberId of memberIds) if (this.#members.get(memberId) === stamp) this.#members.delete(memberId);
  }

  #ofCopied(key: Stamped["key"], stamp: number): KeyState {
    const { at = 0, but } = this.#trusted ?? {};
    if (stamp >= at || !but || but.has(key.orgId)) return "copied";
    return key.memberId !== null && (this.#members.get(key.memberId) ?? 0) > at ? "changed" : "current";
  }
}

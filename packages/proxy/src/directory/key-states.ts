import type { KeyPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";

/**
 * `changed`: the key has changed and must be read again. `copied`: it comes from the copy on disk, or from the time
 * before the database was restored. Both are read before they are used. If the read fails, they are used as they are.
 */
export type KeyState = "current" | "changed" | "copied";

/** The fields of a key in memory from which its state is computed. */
export interface Stamped {
  key: Pick<KeyPolicy, "orgId" | "memberId">;
  /** Its state when it got the stamp. Later events can change it. */
  state: KeyState;
  stamp: number;
}

/**
 * The states of keys in memory. An event that concerns all keys, or all keys of a member, is stored once. It is
 * compared with the stamp of a key when the key is used. So the cost of an event does not depend on the number of keys
 * in memory.
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

  /** Memory may differ from the database: all keys become `copied`. */
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

  /** All keys of these members become `changed`. Returns the stamp of this event. */
  membersChanged(memberIds: ReadonlySet<Uuid>): number {
    this.#now += 1;
    for (const memberId of memberIds) this.#members.set(memberId, this.#now);
    return this.#now;
  }

  /** Forgets an event of `membersChanged`: each key of these members now has the state `changed` itself. */
  marked(memberIds: ReadonlySet<Uuid>, stamp: number): void {
    for (const memberId of memberIds) if (this.#members.get(memberId) === stamp) this.#members.delete(memberId);
  }

  #ofCopied(key: Stamped["key"], stamp: number): KeyState {
    const { at = 0, but } = this.#trusted ?? {};
    if (stamp >= at || !but || but.has(key.orgId)) return "copied";
    return key.memberId !== null && (this.#members.get(key.memberId) ?? 0) > at ? "changed" : "current";
  }
}

import type { Uuid } from "@tollgate/contracts/ids";
import type { Actual, HoldEntry, Settled } from "./store.ts";

export type Committed = Settled["committed"];

export type Argument = string | number;
export type Reply = Argument[];

/** `counters.lua` and `presence.lua`, run in Redis. Every method rejects when Redis is down, slow, full, or read-only. */
export interface Script {
  /** Runs one operation of `counters.lua`. */
  run(orgId: Uuid, op: string, epoch: string, seen: number, args: readonly Argument[]): Promise<Reply>;
  /** Committed and held of each counter, as decimal text. */
  read(orgId: Uuid, epoch: string, counters: readonly string[]): Promise<[string | null, string | null][]>;
  /** Says that an owner is here. */
  beat(owner: string): Promise<Presence>;
  /** Says that an owner has ended and holds nothing. */
  leave(owner: string): Promise<unknown>;
  /** That an owner has holds of an organisation, outliving both. */
  remember(owner: string, orgId: Uuid): Promise<unknown>;
  remembered(owner: string): Promise<Uuid[]>;
  /** Names the store: a random id that it keeps until it forgets everything. */
  id(): Promise<string>;
  close(): void;
}

/** For finding out whether a store that did not answer is back. */
export interface Probe {
  /** Rejects when no answer comes in time. */
  ping(): Promise<unknown>;
  /** Gives the connection up and makes another. */
  reconnect(): void;
}

export interface Presence {
  /** No epoch from before it is to be believed. */
  generation: string;
  /** By the store's clock, epoch milliseconds. */
  nowMs: number;
  /** Who was here a moment ago. */
  owners: string[];
  /** Who was here within a day and is gone, and when each was last heard of. */
  silent: ReadonlyMap<string, number>;
}

/**
 * Why a hold is made: a call asks for it; a call went ahead already; or it is a copy of what a process held that has exited.
 */
export type Manner = "asked" | "forced" | "copied";

export interface Holding {
  deadlineMs: number;
  holder: string;
  manner: Manner;
  /** The maker's description of the call, for a process that may have to record it. */
  about: string;
  entries: readonly HoldEntry[];
}

export const holdArguments = (id: Uuid, { deadlineMs, holder, manner, about, entries }: Holding): Argument[] => [
  id,
  deadlineMs,
  holder,
  manner,
  about,
  ...entries.flatMap(({ counter, unit, mode, amount, cap, resetsAtMs }) => [
    counter,
    unit,
    mode,
    amount.toString(),
    cap.toString(),
    resetsAtMs === null ? "" : String(resetsAtMs),
  ]),
];

export const counterArguments = (counters: Committed): string[] =>
  [...counters].flatMap(([counter, amount]) => [counter, amount.toString()]);

export const endArguments = (id: Uuid, actual: Actual | null): string[] =>
  actual
    ? [id, "settle", actual.usd === null ? "" : actual.usd.toString(), actual.tokens.toString()]
    : [id, "void", "0", "0"];

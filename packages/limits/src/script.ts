import type { Uuid } from "@tollgate/contracts/ids";
import type { Actual, HoldEntry, Settled } from "./store.ts";

export type Committed = Settled["committed"];

export type Argument = string | number;
export type Reply = Argument[];

/** `counters.lua` and `presence.lua`, run in Redis. Every method rejects when Redis is down, slow, full, or read-only. */
export interface Script {
  /** Runs one operation of `counters.lua`. */
  run(orgId: Uuid, op: string, epoch: string, seen: number, args: readonly Argument[]): Promise<Reply>;
  /** Sends a heartbeat of an owner. */
  beat(owner: string): Promise<Presence>;
  /** Removes an owner that exits and has no holds. */
  leave(owner: string): Promise<unknown>;
  /** Stores that an owner may have holds of an organisation. It is kept after the process exits and the epoch ends. */
  remember(owner: string, orgId: Uuid): Promise<unknown>;
  /** The organisations stored with `remember`. */
  remembered(owner: string): Promise<Uuid[]>;
  /** Stores that an epoch of an organisation begins, so that all owners report to it. */
  announce(orgId: Uuid, atMs: number): Promise<unknown>;
  /** Organisations that were announced since then. */
  announced(sinceMs: number): Promise<Uuid[]>;
  /** A random id of the store, which changes when all data is lost. */
  id(): Promise<string>;
  close(): void;
}

/** Checks whether a store that did not answer is available again. */
export interface Probe {
  /** Rejects when there is no answer in time. */
  ping(): Promise<unknown>;
  /** Drops the connection and opens a new one. */
  reconnect(): void;
}

export interface Presence {
  /** Epochs older than this are not used: Redis may have been restored from a backup. */
  generation: string;
  /** The store's time in epoch milliseconds. */
  nowMs: number;
  /** Owners with a heartbeat in the last ten seconds. */
  owners: string[];
  /**
   * Owners with a heartbeat in the last day but not in the last ten seconds, each with the time of its last
   * heartbeat.
   */
  silent: ReadonlyMap<string, number>;
}

/**
 * Why a hold is made: a call asks for it; a call was let through without it; or it repeats a hold of a process that has
 * exited.
 */
export type Manner = "asked" | "forced" | "copied";

export interface Holding {
  deadlineMs: number;
  holder: string;
  manner: Manner;
  /** Description of the call by the process that made the hold, so that another process can record it. */
  about: string;
  entries: readonly HoldEntry[];
}

export const holdArguments = (id: Uuid, { deadlineMs, holder, manner, about, entries }: Holding): Argument[] => [
  id,
  deadlineMs,
  holder,
  manner,
  about,
  ...entries.flatMap(({ counter, unit, mode, amount, cap, resetsAtMs, keptUntilMs }) => [
    counter,
    unit,
    mode,
    amount.toString(),
    cap.toString(),
    String(resetsAtMs ?? keptUntilMs ?? ""),
  ]),
];

export const counterArguments = (counters: Committed): string[] =>
  [...counters].flatMap(([counter, amount]) => [counter, amount.toString()]);

/** Arguments that name limits whose counters are read on demand. */
export const demandArguments = (limits: ReadonlySet<Uuid> = new Set()): Argument[] => [limits.size, ...limits];

/** Where the usage of a call is: the owner, and a position in its spool behind the call. */
export type Place = readonly [owner: string, position: number];

export const endArguments = (id: Uuid, actual: Actual | null, place: Place): Argument[] =>
  actual
    ? [id, "settle", String(actual.usd ?? ""), actual.tokens.toString(), String(actual.requests ?? 1n), ...place]
    : [id, "void", "0", "0", "0", ...place];

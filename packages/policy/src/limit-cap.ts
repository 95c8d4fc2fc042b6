import type { Limit, LimitIncrease } from "@tollgate/contracts/limit";

/** Whether an increase still adds to its limit. It ends at `untilMs`, exclusive. */
export const isActiveAt = ({ untilMs }: Pick<LimitIncrease, "untilMs">, atMs: number): boolean => atMs < untilMs;

/** The cap of a limit at an instant: its amount plus all increases that have not ended. */
export const capAt = ({ amount, increases }: Pick<Limit, "amount" | "increases">, atMs: number): bigint =>
  increases.reduce((cap, increase) => (isActiveAt(increase, atMs) ? cap + increase.amount : cap), amount);

/**
 * Whether a new call does not fit: `used` is what is settled and held, without its own `amount`. A limit that is used
 * up admits nothing more, even a call that uses none of it. `counters.lua` applies the same rule.
 */
export const isOver = (used: bigint, amount: bigint, cap: bigint): boolean => used + amount > cap || used >= cap;

/** The amount that remains of a limit, never below 0. */
export const leftOf = (cap: bigint, used: bigint): bigint => (used < cap ? cap - used : 0n);

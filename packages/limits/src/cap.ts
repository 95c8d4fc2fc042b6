import type { Limit } from "@tollgate/contracts/limit";

/** What a limit allows at an instant: its amount and every increase that has not ended. Proxy, pages and refusals use it. */
export const capAt = ({ amount, increases }: Pick<Limit, "amount" | "increases">, atMs: number): bigint =>
  increases.reduce((cap, increase) => (atMs < increase.untilMs ? cap + increase.amount : cap), amount);

/**
 * Whether a new call does not fit: `used` is what is settled and held, without its own `amount`. A limit that is used up
 * admits nothing more, even a call that uses none of it. `counters.lua` says the same.
 */
export const isOver = (used: bigint, amount: bigint, cap: bigint): boolean => used + amount > cap || used >= cap;

import type { Limit } from "@tollgate/contracts/limit";

/** What a limit allows at an instant, the same for door, page and refusal: its amount and every increase not ended yet. */
export const capAt = ({ amount, increases }: Pick<Limit, "amount" | "increases">, atMs: number): bigint =>
  increases.reduce((cap, increase) => (atMs < increase.untilMs ? cap + increase.amount : cap), amount);

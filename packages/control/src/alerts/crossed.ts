import type { Limit } from "@tollgate/contracts/limit";

/** The fields of a limit that are needed here. `cap` is its amount with the active increases, in nano-USD or as a count. */
export interface Watched extends Pick<Limit, "mode" | "thresholds"> {
  cap: bigint;
}

/** The percentages to check, ascending. A limit in warn mode always has 100: otherwise it would never warn. */
export const watchedOf = ({ mode, thresholds }: Pick<Limit, "mode" | "thresholds">): number[] =>
  [...new Set(mode === "warn" ? [...thresholds, 100] : thresholds)].sort((a, b) => a - b);

/** The percentages that `settled` has reached and `before` had not. */
export const crossed = (limit: Watched, before: bigint, settled: bigint): number[] =>
  watchedOf(limit).filter((percent) => {
    const mark = limit.cap * BigInt(percent);
    return settled * 100n >= mark && before * 100n < mark;
  });

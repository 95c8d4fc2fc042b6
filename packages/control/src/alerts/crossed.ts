import type { Limit } from "@tollgate/contracts/limit";

/** What finding out needs of a limit. `cap` is its amount with what it is raised by now; nano-USD or a count. */
export interface Watched extends Pick<Limit, "mode" | "thresholds"> {
  cap: bigint;
}

/** Percentages to watch, ascending. A limit that warns has 100 even when nobody named it: it would not warn otherwise. */
export const watchedOf = ({ mode, thresholds }: Pick<Limit, "mode" | "thresholds">): number[] =>
  [...new Set(mode === "warn" ? [...thresholds, 100] : thresholds)].sort((a, b) => a - b);

/** Of the watched percentages, those that `settled` has reached and `before` had not. */
export const crossed = (limit: Watched, before: bigint, settled: bigint): number[] =>
  watchedOf(limit).filter((percent) => {
    const mark = limit.cap * BigInt(percent);
    return settled * 100n >= mark && before * 100n < mark;
  });

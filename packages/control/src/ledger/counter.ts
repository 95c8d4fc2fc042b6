import type { Uuid } from "@tollgate/contracts/ids";
import type { Limit } from "@tollgate/contracts/limit";

/** An amount to add to one counter of a limit. */
export interface Counter {
  orgId: Uuid;
  limit: Limit;
  subject: string;
  startMs: number;
  /** Null when the window is `total`. */
  endMs: number | null;
  /** nano-USD or a count. */
  amount: bigint;
  /** Number of these requests whose price is unknown. */
  unpriced: number;
}

/** The stored counter after the addition. */
export interface KeptCounter {
  limit_id: Uuid;
  subject: string;
  window_start: Date;
  settled: string;
}

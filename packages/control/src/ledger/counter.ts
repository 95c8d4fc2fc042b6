import type { Uuid } from "@tollgate/contracts/ids";
import type { Limit } from "@tollgate/contracts/limit";

/** What is added to one counter of a limit. */
export interface Counter {
  orgId: Uuid;
  limit: Limit;
  subject: string;
  startMs: number;
  /** Null with window total. */
  endMs: number | null;
  /** nano-USD or a count. */
  amount: bigint;
  /** Requests in it whose price is unknown. */
  unpriced: number;
}

/** A counter as the store has it after that. */
export interface KeptCounter {
  limit_id: Uuid;
  subject: string;
  window_start: Date;
  settled: string;
}

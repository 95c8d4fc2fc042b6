import type { Context } from "@tollgate/control/context";

/** What an operation may need at most. */
export interface Bound {
  ms: number;
  /** Bytes of the answer as JSON. */
  bytes?: number;
}

/** Something that a person or a program asks of the control plane. */
export interface Operation {
  name: string;
  bound: Bound;
  /** Finds what the operation needs, such as the cursor of a page, and returns the call that is measured. */
  prepare(ctx: Context): Promise<(ctx: Context) => Promise<unknown>>;
  /** Time zone of the organisation. Default UTC. */
  timeZone?: string;
}

/** The bound of lists. */
export const PAGE: Bound = { ms: 200, bytes: 150_000 };
/** The bound of reports and of a search for requests. */
export const ANSWER: Bound = { ms: 200 };

export const operation = (name: string, bound: Bound, run: (ctx: Context) => Promise<unknown>): Operation => ({
  name,
  bound,
  prepare: async () => run,
});

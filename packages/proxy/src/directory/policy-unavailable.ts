import { TollgateError } from "@tollgate/contracts/errors";

/** The key may exist, and that cannot be known now. */
export const policyUnavailable = (): TollgateError =>
  new TollgateError("policy_unavailable", "The policy for this key cannot be read right now; try again.");

/** Postgres answered that it would not: the statement took too long, or waited for a lock. It is there for other questions. */
const CANCELLED = ["57014", "55P03", "40P01", "40001"];

/** Whether a failure means that Postgres cannot be asked at all. */
export const isUnreachable = (error: unknown): boolean =>
  !CANCELLED.includes(String((error as { code?: unknown } | null)?.code));

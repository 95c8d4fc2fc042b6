import { TollgateError } from "@tollgate/contracts/errors";

/** It is unknown whether the key exists. */
export const policyUnavailable = (): TollgateError =>
  new TollgateError("policy_unavailable", "The policy for this key cannot be read right now; try again.");

/** Postgres cancelled the statement because it took too long or waited for a lock. Other queries still work. */
const CANCELLED = ["57014", "55P03", "40P01", "40001"];

/** Whether an error means that Postgres is not available at all. */
export const isUnreachable = (error: unknown): boolean =>
  !CANCELLED.includes(String((error as { code?: unknown } | null)?.code));

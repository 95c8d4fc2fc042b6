import type { Limit } from "@tollgate/contracts/limit";
import { freshId } from "@tollgate/testkit/fresh-id";

/** By default $1.00 per month for the whole organisation. */
export const limit = (overrides: Partial<Limit> = {}): Limit => ({
  id: freshId(),
  scope: "organisation",
  subject: null,
  subjectName: null,
  unit: "usd",
  window: "month",
  anchorMs: null,
  amount: 1_000_000_000n,
  increases: [],
  mode: "block",
  thresholds: [],
  onStoreDown: "allow",
  ...overrides,
});

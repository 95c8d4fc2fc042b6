import type { BearingEntry } from "@tollgate/limits/decide";

/**
 * Whether a call is refused while this limit cannot be checked: blocking budgets always, other limits as they are
 * set.
 */
export const mustBeChecked = ({ mode, unit, limit }: BearingEntry): boolean =>
  mode === "block" && (unit === "usd" || limit.onStoreDown === "refuse");

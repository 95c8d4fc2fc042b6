import type { BearingEntry } from "@tollgate/limits/decide";

/** Whether a call must be refused while this limit cannot be checked: hard budgets always, others as they are set. */
export const mustBeChecked = ({ mode, unit, limit }: BearingEntry): boolean =>
  mode === "block" && (unit === "usd" || limit.onStoreDown === "refuse");

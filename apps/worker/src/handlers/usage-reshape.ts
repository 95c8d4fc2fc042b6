import type { Tools } from "../tools.ts";

export const usageReshape =
  ({ ledger, log }: Tools) =>
  async (): Promise<void> => {
    const days = await ledger.reshapeRollUps();
    if (days > 0) log.info({ days }, "days of roll-ups computed again for this version");
    const steps = await ledger.fillTotals();
    if (steps > 0) log.info({ steps }, "daily roll-ups summed by month and year");
  };

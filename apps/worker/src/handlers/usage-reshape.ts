import type { Tools } from "../tools.ts";

export const usageReshape =
  ({ ledger, log }: Tools) =>
  async (): Promise<void> => {
    const days = await ledger.reshapeRollUps();
    if (days > 0) log.info({ days }, "days of roll-ups computed again for this version");
    const summed = await ledger.sumTotals();
    if (summed > 0) log.debug({ days: summed }, "days summed by one dimension");
  };

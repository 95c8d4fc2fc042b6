import type { Tools } from "../tools.ts";

export const usageCheck =
  ({ ledger, log, metrics }: Tools) =>
  async (): Promise<void> => {
    const { organisations, corrected } = await ledger.checkLedgers();
    for (const { orgId, differences } of corrected) {
      for (const difference of differences) metrics.reconciled(difference);
      const isClosed = differences.some(({ table }) => table === "closed_month");
      const what = isClosed ? "the roll-ups of a closed month have changed" : "corrected";
      log.error({ orgId, differences }, `roll-ups or counters differed from the events: ${what}`);
    }
    if (organisations > 0) log.debug({ organisations }, "ledgers checked");
  };

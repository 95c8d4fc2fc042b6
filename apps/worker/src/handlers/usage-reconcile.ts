import type { Tools } from "../tools.ts";

export const usageReconcile =
  ({ ledger, log, metrics }: Tools) =>
  async (): Promise<void> => {
    for (const { differences, adjustedNano, ...asked } of await ledger.runMaintenance()) {
      const request = { ...asked, adjustedNano: adjustedNano.toString() };
      for (const difference of differences) metrics.reconciled(difference);
      const changed = differences.filter(({ table }) => table === "closed_month");
      // A closed month is never rewritten. An operator has to find out what changed it.
      if (changed.length > 0) log.error({ ...request, changed }, "the roll-ups of a closed month have changed");
      if (differences.length > changed.length)
        log.error({ ...request, differences }, "roll-ups or counters differed from the events: corrected");
      else log.debug(request, "ledger maintenance done");
    }
  };

import type { Tools } from "../handlers.ts";

export const usageReconcile =
  ({ ledger, log, metrics }: Tools) =>
  async (): Promise<void> => {
    for (const { differences, adjustedNano, ...asked } of await ledger.keepBooks()) {
      const books = { ...asked, adjustedNano: adjustedNano.toString() };
      for (const difference of differences) metrics.reconciled(difference);
      const changed = differences.filter(({ table }) => table === "closed_month");
      // The month's lines are what they are: only an operator can tell who changed them.
      if (changed.length > 0) log.error({ ...books, changed }, "a closed month is not what it was");
      if (differences.length > changed.length)
        log.error({ ...books, differences }, "books differed from their events; put right");
      else log.debug(books, "books kept");
    }
  };

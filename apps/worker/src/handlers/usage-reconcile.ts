import type { Tools } from "../handlers.ts";

export const usageReconcile =
  ({ ledger, log }: Tools) =>
  async (): Promise<void> => {
    for (const { differences, ...books } of await ledger.keepBooks()) {
      if (differences.length > 0) log.error({ ...books, differences }, "books differed from their events; put right");
      else log.debug(books, "books kept");
    }
  };

import type { Tools } from "../tools.ts";

export const batchesPoll =
  ({ taskResults, log }: Tools) =>
  async (): Promise<void> => {
    const { forgotten } = await taskResults.pollBatches(Date.now());
    if (forgotten > 0) log.warn({ forgotten }, "batches without a result are charged at their hold");
  };

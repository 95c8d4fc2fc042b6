import type { Tools } from "../tools.ts";

export const usagePartitions =
  ({ ledger, log }: Tools) =>
  async (): Promise<void> => {
    const made = await ledger.makePartitions();
    if (made > 0) log.info({ made }, "partitions created");
    const indexed = await ledger.indexPartitions();
    if (indexed > 0) log.info({ indexed }, "indexes of earlier partitions built");
  };

import type { Tools } from "../tools.ts";

export const limitsFill =
  ({ ledger, log }: Tools) =>
  async (): Promise<void> => {
    const limits = await ledger.fillLimits();
    if (limits > 0) log.debug({ limits }, "counters of new limits completed");
  };

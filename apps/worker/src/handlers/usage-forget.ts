import type { Tools } from "../tools.ts";

export const usageForget =
  ({ ledger, log }: Tools) =>
  async (): Promise<void> => {
    const rows = await ledger.forgetRollUps();
    if (rows > 0) log.info({ rows }, "roll-ups past their retention deleted");
  };

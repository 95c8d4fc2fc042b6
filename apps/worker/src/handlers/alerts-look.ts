import type { Tools } from "../handlers.ts";

export const alertsLook =
  ({ alerts, log }: Tools) =>
  async (): Promise<void> => {
    const raised = await alerts.look();
    if (raised > 0) log.info({ raised }, "alerts raised");
  };

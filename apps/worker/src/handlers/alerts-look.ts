import type { Tools } from "../tools.ts";

export const alertsLook =
  ({ alerts, log, metrics }: Tools) =>
  async (): Promise<void> => {
    const raised = await alerts.look();
    metrics.alertsRaised(raised);
    if (raised > 0) log.info({ raised }, "alerts raised");
  };

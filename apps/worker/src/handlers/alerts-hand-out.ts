import type { Tools } from "../tools.ts";

export const alertsHandOut =
  ({ alerts, log }: Tools) =>
  async (): Promise<void> => {
    const deliveries = await alerts.handOut();
    if (deliveries > 0) log.info({ deliveries }, "alert deliveries enqueued");
  };

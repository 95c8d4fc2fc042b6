import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../tools.ts";

export const alertsDeliver =
  ({ alerts, metrics }: Tools) =>
  async ({ deliveryId }: JobPayload<"alerts.deliver">): Promise<void> => {
    try {
      metrics.delivery(await alerts.deliver(deliveryId));
    } catch (error) {
      metrics.delivery("retried");
      throw error;
    }
  };

import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../handlers.ts";

export const alertsDeliver =
  ({ alerts }: Tools) =>
  ({ deliveryId }: JobPayload<"alerts.deliver">): Promise<void> =>
    alerts.deliver(deliveryId);

import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../handlers.ts";

export const usageIngest =
  ({ ledger, log, metrics }: Tools) =>
  async (batch: JobPayload<"usage.ingest">): Promise<void> => {
    const { inserted, quarantined, unproven, acknowledged } = await ledger.ingest(batch);
    metrics.ingested({ inserted, quarantined, unproven });
    const { spoolId, from, to } = batch;
    if (!acknowledged)
      log.error(
        { spoolId, from, to, unproven },
        "usage without a valid MAC: not booked. It is forged, or its proxy has another TOLLGATE_EVENT_KEY or an older version",
      );
    if (quarantined > 0) log.error({ spoolId, from, to, quarantined }, "events put aside in usage_quarantine");
    log.debug({ spoolId, from, to, events: batch.events.length, inserted }, "usage taken in");
  };

import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../tools.ts";

export const usageIngest =
  ({ ledger, log, metrics }: Tools) =>
  async (batch: JobPayload<"usage.ingest">): Promise<void> => {
    const { inserted, quarantined, unproven, repeated, released, acknowledged } = await ledger.ingest(batch);
    metrics.ingested({ inserted, quarantined, unproven });
    const { spoolId, from, to } = batch;
    if (repeated > 0)
      log.warn({ spoolId, from, to, repeated }, "usage without a valid MAC that is already in the ledger: skipped");
    if (!acknowledged && (repeated === 0 || unproven > repeated))
      log.error(
        { spoolId, from, to, unproven: unproven - repeated },
        "usage without a valid MAC: not recorded, stored in usage_quarantine. Either it is forged, or its proxy has another TOLLGATE_EVENT_KEY or an older version. In that case it is recorded when the proxy is replaced",
      );
    const unreadable = quarantined - (unproven - repeated);
    if (unreadable > 0)
      log.error({ spoolId, from, to, quarantined: unreadable }, "unreadable events stored in usage_quarantine");
    if (released > 0)
      log.info({ spoolId, from, to, released }, "usage from usage_quarantine arrived with a valid MAC: recorded");
    log.debug({ spoolId, from, to, events: batch.events.length, inserted }, "usage ingested");
  };

import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../handlers.ts";

export const usageIngest =
  ({ ledger, log, metrics }: Tools) =>
  async (batch: JobPayload<"usage.ingest">): Promise<void> => {
    const { inserted, quarantined, unproven, released, acknowledged } = await ledger.ingest(batch);
    metrics.ingested({ inserted, quarantined, unproven });
    const { spoolId, from, to } = batch;
    if (!acknowledged)
      log.error(
        { spoolId, from, to, unproven },
        "usage without a valid MAC: not booked, put into usage_quarantine. It is forged, or its proxy has another TOLLGATE_EVENT_KEY or an older version; then it is booked once that proxy is replaced",
      );
    if (quarantined > unproven)
      log.error({ spoolId, from, to, quarantined: quarantined - unproven }, "events put aside in usage_quarantine");
    if (released > 0)
      log.info({ spoolId, from, to, released }, "usage that was in usage_quarantine has a MAC now: booked");
    log.debug({ spoolId, from, to, events: batch.events.length, inserted }, "usage taken in");
  };

import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../handlers.ts";

export const usageIngest =
  ({ ledger, log }: Tools) =>
  async (batch: JobPayload<"usage.ingest">): Promise<void> => {
    const { inserted, quarantined } = await ledger.ingest(batch);
    const { spoolId, from, to } = batch;
    if (quarantined > 0) log.error({ spoolId, from, to, quarantined }, "events put aside in usage_quarantine");
    log.debug({ spoolId, from, to, events: batch.events.length, inserted }, "usage taken in");
  };

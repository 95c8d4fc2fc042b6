import type { Tools } from "../tools.ts";

export const retentionApply =
  ({ ledger, log, metrics, retentionDays }: Tools) =>
  async (): Promise<void> => {
    const { dropped, gaveUp, deleted } = await ledger.applyRetention(retentionDays);
    metrics.partitionsDropped(dropped.length);
    if (dropped.length > 0 || Object.keys(deleted).length > 0) log.info({ dropped, deleted }, "expired rows deleted");
    if (gaveUp) log.info("a partition that has expired is in use; it is dropped later");
    const { events, oldestMs } = await ledger.readQuarantine();
    metrics.quarantine(events);
    if (events > 0)
      log.warn(
        { events, oldest: oldestMs && new Date(oldestMs).toISOString() },
        "usage_quarantine holds usage that is not recorded. It is deleted after 90 days",
      );
  };

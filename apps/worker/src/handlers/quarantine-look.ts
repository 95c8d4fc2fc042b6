import type { Tools } from "../tools.ts";

export const quarantineLook =
  ({ ledger, alerts, log, metrics, auditKey }: Tools) =>
  async (): Promise<void> => {
    const applied = await ledger.applyDecisions(auditKey);
    if (applied.released + applied.discarded + applied.failed > 0)
      log.warn(applied, "usage in quarantine was released or discarded, as the operator decided");
    const { events } = await ledger.readQuarantine();
    metrics.quarantine(events);
    const mailed = await alerts.mailQuarantine();
    if (mailed > 0) log.info({ events: mailed }, "the operator was mailed that usage is in quarantine");
  };

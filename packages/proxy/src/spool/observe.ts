import { Gauge, type Registry } from "prom-client";
import type { SpoolStatus } from "./status.ts";

/** Metrics of a spool: failing writes, and usage that waits, is damaged or is lost. */
const SPOOL: Record<string, { help: string; read: (status: SpoolStatus) => number }> = {
  healthy: { help: "1, or 0 while writes to the spool's disk fail.", read: ({ isHealthy }) => Number(isHealthy) },
  unacknowledged_bytes: {
    help: "Bytes written that the ledger has not confirmed.",
    read: ({ unacknowledgedBytes }) => unacknowledgedBytes,
  },
  oldest_seconds: {
    help: "Age of the oldest bytes that the ledger has not confirmed.",
    read: ({ oldestAtMs }) => (oldestAtMs === null ? 0 : Math.max(0, Date.now() - oldestAtMs) / 1000),
  },
  open_requests: { help: "Requests dispatched that have not ended.", read: ({ open }) => open },
  damaged_bytes: {
    help: "Bytes that belong to no valid record. Their segment is moved to quarantine.",
    read: ({ damagedBytes }) => damagedBytes,
  },
  lost_records: { help: "Records dropped because writes failed for too long.", read: ({ lostRecords }) => lostRecords },
};

export function observeSpool(registers: Registry[], status: () => SpoolStatus): void {
  for (const [name, { help, read }] of Object.entries(SPOOL)) {
    new Gauge({
      name: `tollgate_spool_${name}`,
      help,
      registers,
      collect() {
        this.set(read(status()));
      },
    });
  }
}

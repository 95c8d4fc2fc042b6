import { Gauge, type Registry } from "prom-client";
import type { SpoolStatus } from "./status.ts";

/** What must not go unseen of a spool: a disk that refuses, and usage that piles up, is damaged or lost. */
const SPOOL: Record<string, { help: string; read: (status: SpoolStatus) => number }> = {
  healthy: { help: "1, or 0 while the disk refuses to be written.", read: ({ isHealthy }) => Number(isHealthy) },
  unacknowledged_bytes: {
    help: "Written and not yet confirmed by the ledger.",
    read: ({ unacknowledgedBytes }) => unacknowledgedBytes,
  },
  oldest_seconds: {
    help: "Age of the oldest bytes that the ledger has not confirmed.",
    read: ({ oldestAtMs }) => (oldestAtMs === null ? 0 : Math.max(0, Date.now() - oldestAtMs) / 1000),
  },
  open_requests: { help: "Dispatched and not ended.", read: ({ open }) => open },
  damaged_bytes: {
    help: "Found to be no record; their segment is kept apart.",
    read: ({ damagedBytes }) => damagedBytes,
  },
  lost_records: { help: "Given up because the disk refused for too long.", read: ({ lostRecords }) => lostRecords },
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

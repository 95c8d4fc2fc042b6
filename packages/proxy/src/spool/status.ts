import type { Uuid } from "@tollgate/contracts/ids";

export interface SpoolStatus {
  spoolId: Uuid;
  /** False while writes fail. */
  isHealthy: boolean;
  writtenBytes: number;
  /** Bytes written that the ledger has not confirmed. */
  unacknowledgedBytes: number;
  /** Epoch ms at which the oldest unconfirmed bytes were written; null when the ledger has confirmed all. */
  oldestAtMs: number | null;
  /** Requests dispatched that have not ended. */
  open: number;
  /** Requests that an earlier process left open; this process ended them as interrupted at its start. */
  interrupted: number;
  damagedBytes: number;
  lostRecords: number;
}

import type { Uuid } from "@tollgate/contracts/ids";

export interface SpoolStatus {
  spoolId: Uuid;
  /** False while the disk refuses. */
  isHealthy: boolean;
  /** Bytes written, and of them those the ledger has not confirmed. */
  writtenBytes: number;
  unacknowledgedBytes: number;
  /** Epoch ms by which the oldest bytes that are not confirmed were written; null: all are. */
  oldestAtMs: number | null;
  /** Requests dispatched and not ended. */
  open: number;
  /** Requests an earlier process left open, ended at the start as interrupted. */
  interrupted: number;
  damagedBytes: number;
  lostRecords: number;
}

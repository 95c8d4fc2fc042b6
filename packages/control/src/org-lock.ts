import { createHash } from "node:crypto";

/**
 * Key of the advisory lock on an organisation's limit counters. Ingest takes it shared, before it reads the limits;
 * code that fills counters from the ledger takes it exclusively. So each event is counted by exactly one of the two.
 */
export const orgLockKey = (orgId: string): bigint =>
  createHash("sha256").update(`limit counters of ${orgId}`).digest().readBigInt64BE(0);

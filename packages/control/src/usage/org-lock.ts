import { createHash } from "node:crypto";

/**
 * Key of the advisory lock on an organisation's limit counters. Ingest takes it shared, before it reads the limits;
 * whoever fills counters from the ledger takes it alone: so each event is counted by exactly one of them.
 */
export const orgLockKey = (orgId: string): bigint =>
  createHash("sha256").update(`limit counters of ${orgId}`).digest().readBigInt64BE(0);

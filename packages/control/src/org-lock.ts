import { createHash } from "node:crypto";
import type { PoolClient } from "@tollgate/db/pool";

/**
 * Key of the advisory lock on an organisation's roll-ups and limit counters. Ingest takes it shared, before it reads the limits;
 * code that rewrites roll-ups or counters takes it exclusively. So each event is counted by exactly one of the two. A new limit
 * is filled without it: the job waits for the transactions that hold it.
 */
export const orgLockKey = (orgId: string): bigint =>
  createHash("sha256").update(`limit counters of ${orgId}`).digest().readBigInt64BE(0);

/** Takes the lock exclusively: until the transaction ends, ingest adds nothing for this organisation. */
export const lockOrg = (client: PoolClient, orgId: string) =>
  client.query("select pg_advisory_xact_lock($1)", [orgLockKey(orgId).toString()]);

import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import { counterKey } from "@tollgate/limits/decide";
import type { Settled } from "@tollgate/limits/store";

/** One organisation as the database knows it at one instant. */
export interface OrgSnapshot {
  org: OrgPolicy;
  keys: KeyPolicy[];
  /** For windows that may still be open. */
  settled: Settled & { committed: Map<string, bigint> };
}

/** How far the ledger has taken in one spool: everything before `position`, and the `pending` ranges after it. */
export interface SpoolCursor {
  position: bigint;
  pending: [string, string][];
}

interface PolicyRow {
  policy: OrgPolicy;
}
interface RevisionRow {
  org_id: Uuid;
  revision: string;
  counters_revision: string;
}
interface KeyRow {
  org_id: Uuid;
  key: KeyPolicy;
}
interface LegacyBoxRow {
  org_id: Uuid;
  credential_id: Uuid;
  origin: string;
}
interface CounterRow {
  org_id: Uuid;
  limit_id: Uuid;
  subject: string;
  window_start: Date;
  settled: string;
}

/** JSON has no integers of that size: amounts come as decimal text. */
export const withAmounts = (org: OrgPolicy): OrgPolicy => ({
  ...org,
  limits: org.limits.map((limit) => ({
    ...limit,
    amount: BigInt(limit.amount),
    increases: limit.increases.map(({ amount, untilMs }) => ({ amount: BigInt(amount), untilMs })),
  })),
});

/** Organisations by id, or all of them. Run it in a transaction that sees one snapshot. */
export async function readOrgs(client: PoolClient, orgId: Uuid | null): Promise<Map<Uuid, OrgSnapshot>> {
  const only = orgId === null ? "" : " where org_id = $1";
  const values = orgId === null ? [] : [orgId];
  const policies = await client.query<PolicyRow>(`select policy from directory_policy${only}`, values);
  const keys = await client.query<KeyRow>(`select org_id, key from directory_key${only}`, values);
  const revisions = await client.query<RevisionRow>(
    `select org_id, counters_revision from directory_revision${only}`,
    values,
  );
  const counters = await client.query<CounterRow>(
    `select org_id, limit_id, subject, window_start, settled from directory_limit_counter${only}`,
    values,
  );
  const legacyBoxes = await client.query<LegacyBoxRow>(
    `select org_id, credential_id, origin from directory_legacy_box${only}`,
    values,
  );
  const orgs = new Map<Uuid, OrgSnapshot>();
  for (const { policy } of policies.rows) {
    const settled = { committed: new Map<string, bigint>(), revision: 0 };
    orgs.set(policy.id, { org: withAmounts(policy), keys: [], settled });
  }
  for (const { org_id, counters_revision } of revisions.rows) {
    const settled = orgs.get(org_id)?.settled;
    if (settled) settled.revision = Number(counters_revision);
  }
  for (const { org_id, credential_id, origin } of legacyBoxes.rows) {
    const credential = orgs.get(org_id)?.org.credentials.find(({ id }) => id === credential_id);
    if (credential) credential.legacyOrigin = origin;
  }
  for (const { org_id, key } of keys.rows) orgs.get(org_id)?.keys.push(key);
  for (const row of counters.rows) {
    const counter = counterKey(row.limit_id, row.window_start.getTime(), row.subject);
    orgs.get(row.org_id)?.settled.committed.set(counter, BigInt(row.settled));
  }
  return orgs;
}

export async function readRevisions(client: PoolClient): Promise<Map<Uuid, number>> {
  const { rows } = await client.query<Pick<RevisionRow, "org_id" | "revision">>(
    "select org_id, revision from directory_revision",
  );
  return new Map(rows.map(({ org_id, revision }) => [org_id, Number(revision)]));
}

export async function readNewest(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ revision: string }>("select revision from directory_newest");
  return rows[0]?.revision ?? "";
}

/** Null: the ledger knows nothing of this spool. */
export async function readSpoolCursor(client: PoolClient, spoolId: Uuid): Promise<SpoolCursor | null> {
  const { rows } = await client.query<{ position: string; pending: [string, string][] }>(
    "select position, pending from directory_spool_cursor where spool_id = $1",
    [spoolId],
  );
  const [row] = rows;
  return row ? { position: BigInt(row.position), pending: row.pending } : null;
}

/** Of every spool the ledger knows. */
export async function readSpoolCursors(client: PoolClient): Promise<Record<Uuid, SpoolCursor>> {
  const { rows } = await client.query<{ spool_id: Uuid; position: string; pending: [string, string][] }>(
    "select spool_id, position, pending from directory_spool_cursor",
  );
  return Object.fromEntries(
    rows.map(({ spool_id, position, pending }) => [spool_id, { position: BigInt(position), pending }]),
  );
}

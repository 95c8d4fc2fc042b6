import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import type { Settled } from "@tollgate/limits/store";
import { z } from "zod";

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

interface RevisionRow {
  org_id: Uuid;
  revision: string;
  counters_revision: string;
}

/** What the views hold. The JSON in it is parsed by `parseOrgs`. */
export interface OrgRows {
  policies: { org_id: Uuid; policy: unknown }[];
  keys: { org_id: Uuid; key: unknown }[];
  revisions: Pick<RevisionRow, "org_id" | "counters_revision">[];
  counters: { org_id: Uuid; limit_id: Uuid; subject: string; window_start: Date; settled: string }[];
  legacyBoxes: { org_id: Uuid; credential_id: Uuid; origin: string }[];
}

/** Of one organisation, or of all. Run it in a transaction that sees one snapshot. */
export async function readOrgs(client: PoolClient, orgId: Uuid | null): Promise<OrgRows> {
  const rows = async <Row extends Record<string, unknown>>(columns: string, view: string): Promise<Row[]> =>
    orgId === null
      ? (await client.query<Row>(`select ${columns} from ${view}`)).rows
      : (await client.query<Row>(`select ${columns} from ${view} where org_id = $1`, [orgId])).rows;
  return {
    policies: await rows("org_id, policy", "directory_policy"),
    keys: await rows("org_id, key", "directory_key"),
    revisions: await rows("org_id, counters_revision", "directory_revision"),
    counters: await rows("org_id, limit_id, subject, window_start, settled", "directory_limit_counter"),
    legacyBoxes: await rows("org_id, credential_id, origin", "directory_legacy_box"),
  };
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

const Pending = z.array(z.tuple([z.string().regex(/^\d+$/), z.string().regex(/^\d+$/)]));

interface CursorRow {
  spool_id: Uuid;
  position: string;
  pending: unknown;
}

function cursorOf({ spool_id, position, pending }: CursorRow): SpoolCursor {
  const ranges = Pending.safeParse(pending);
  if (!ranges.success)
    throw new Error(`the cursor of spool ${spool_id} cannot be read: pending is not a list of ranges`);
  return { position: BigInt(position), pending: ranges.data };
}

/** Null: the ledger knows nothing of this spool. */
export async function readSpoolCursor(client: PoolClient, spoolId: Uuid): Promise<SpoolCursor | null> {
  const { rows } = await client.query<CursorRow>(
    "select spool_id, position, pending from directory_spool_cursor where spool_id = $1",
    [spoolId],
  );
  return rows[0] ? cursorOf(rows[0]) : null;
}

/** Of every spool the ledger knows. */
export async function readSpoolCursors(client: PoolClient): Promise<Record<Uuid, SpoolCursor>> {
  const { rows } = await client.query<CursorRow>("select spool_id, position, pending from directory_spool_cursor");
  return Object.fromEntries(rows.map((row) => [row.spool_id, cursorOf(row)]));
}

/** Those of these calls that the ledger has. */
export async function readEnded(client: PoolClient, orgId: Uuid, callIds: readonly Uuid[]): Promise<Uuid[]> {
  const { rows } = await client.query<{ id: Uuid }>(
    "select id from directory_ended_call where org_id = $1 and id = any($2::uuid[])",
    [orgId, callIds],
  );
  return rows.map(({ id }) => id);
}

import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import type { Settled } from "@tollgate/limits/store";
import { z } from "zod";
import { type CounterRow, readCounters, readExactly } from "./read-counters.ts";

/** One organisation in one snapshot of the database. */
export interface OrgSnapshot {
  org: OrgPolicy;
  /** Settled amounts of windows that may be open. */
  settled: Settled & { committed: Map<string, bigint>; onDemand: ReadonlySet<Uuid> };
}

/** The parts of one spool that are in the ledger: everything before `position`, and the `pending` ranges after it. */
export interface SpoolCursor {
  position: bigint;
  pending: [string, string][];
}

/** Rows of the views for some organisations. `parseOrgs` parses the JSON in them. */
export interface OrgRows {
  policies: { org_id: Uuid; policy: unknown }[];
  revisions: { org_id: Uuid; counters_revision: string }[];
  counters: CounterRow[];
  /** Limits of which no counters were read, because they have too many. */
  onDemand: ReadonlyMap<Uuid, ReadonlySet<Uuid>>;
  legacyBoxes: { org_id: Uuid; credential_id: Uuid; origin: string }[];
}

export interface WantedCounters {
  /** The organisations whose counters are read. Default: all. */
  wants?: (orgId: Uuid, policy: unknown, countersRevision: string) => boolean;
  /** Counters that are read in any case, by organisation. */
  exactly?: ReadonlyMap<Uuid, readonly string[]>;
}

/** Run it in a transaction with one snapshot. */
export async function readOrgs(
  client: PoolClient,
  orgIds: readonly Uuid[],
  { wants = () => true, exactly = new Map() }: WantedCounters = {},
): Promise<OrgRows> {
  const rows = async <Row extends Record<string, unknown>>(columns: string, view: string, ids = orgIds) =>
    ids.length === 0
      ? []
      : (await client.query<Row>(`select ${columns} from ${view} where org_id = any($1::uuid[])`, [ids])).rows;
  const policies = await rows<OrgRows["policies"][number]>("org_id, policy", "directory_policy");
  const revisions = await rows<OrgRows["revisions"][number]>("org_id, counters_revision", "directory_revision");
  const revisionOf = new Map(revisions.map(({ org_id, counters_revision }) => [org_id, counters_revision]));
  const counted = policies.filter(({ org_id, policy }) => wants(org_id, policy, revisionOf.get(org_id) ?? "0"));
  const counters = await readCounters(client, counted);
  return {
    policies,
    revisions,
    counters: [...counters.rows, ...(await readExactly(client, exactly))],
    onDemand: counters.onDemand,
    legacyBoxes: await rows("org_id, credential_id, origin", "directory_legacy_box"),
  };
}

interface KeyRow {
  public_id: string;
  key: unknown;
}

/** The existing ones of these keys, by public id, as unparsed JSON. */
export async function readKeys(client: PoolClient, publicIds: readonly string[]): Promise<Map<string, unknown>> {
  const { rows } = await client.query<KeyRow>(
    "select public_id, key from directory_key where public_id = any($1::text[])",
    [publicIds],
  );
  return new Map(rows.map(({ public_id, key }) => [public_id, key]));
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

/** Null: the ledger has nothing of this spool. */
export async function readSpoolCursor(client: PoolClient, spoolId: Uuid): Promise<SpoolCursor | null> {
  const { rows } = await client.query<CursorRow>(
    "select spool_id, position, pending from directory_spool_cursor where spool_id = $1",
    [spoolId],
  );
  return rows[0] ? cursorOf(rows[0]) : null;
}

/** The cursors of all spools in the ledger. */
export async function readSpoolCursors(client: PoolClient): Promise<Record<Uuid, SpoolCursor>> {
  const { rows } = await client.query<CursorRow>("select spool_id, position, pending from directory_spool_cursor");
  return Object.fromEntries(rows.map((row) => [row.spool_id, cursorOf(row)]));
}

/** The ids of those calls that are in the ledger. */
export async function readEnded(
  client: PoolClient,
  orgIds: readonly Uuid[],
  callIds: readonly Uuid[],
): Promise<Set<Uuid>> {
  if (callIds.length === 0) return new Set();
  const { rows } = await client.query<{ id: Uuid }>(
    "select id from directory_ended_call where org_id = any($1::uuid[]) and id = any($2::uuid[])",
    [orgIds, callIds],
  );
  return new Set(rows.map(({ id }) => id));
}

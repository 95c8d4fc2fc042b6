import type { Uuid } from "@tollgate/contracts/ids";
import { openPool, type PoolClient } from "@tollgate/db/pool";
import {
  type OrgSnapshot,
  readOrgs,
  readRevisions,
  readSpoolCursor,
  readSpoolCursors,
  type SpoolCursor,
} from "./read.ts";

/** Questions to Postgres, each answered from one instant. They throw when it is down or slow. */
export interface Reader {
  everything(): Promise<Map<Uuid, OrgSnapshot>>;
  /** Undefined: there is no such organisation (any more). */
  org(orgId: Uuid): Promise<OrgSnapshot | undefined>;
  revisions(): Promise<Map<Uuid, number>>;
  spoolCursor(spoolId: Uuid): Promise<SpoolCursor | null>;
  /** One organisation's counters, or all, and the cursor at one instant: an event is in the counters or beyond it. */
  ledger(spoolId: Uuid, orgId: Uuid | null): Promise<{ orgs: Map<Uuid, OrgSnapshot>; cursor: SpoolCursor | null }>;
  /** One organisation, and every spool's cursor, at one instant. */
  books(orgId: Uuid): Promise<{ found: OrgSnapshot | undefined; cursors: Record<Uuid, SpoolCursor> }>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;

export function openReader(connectionString: string): Reader {
  const pool = openPool({ connectionString, max: 3, timeoutMs: TIMEOUT_MS });

  async function within<T>(ask: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      await client.query("begin transaction isolation level repeatable read read only");
      const answer = await ask(client);
      await client.query("commit");
      client.release();
      return answer;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  return {
    everything: () => within((client) => readOrgs(client, null)),
    org: (orgId) => within(async (client) => (await readOrgs(client, orgId)).get(orgId)),
    revisions: () => within(readRevisions),
    spoolCursor: (spoolId) => within((client) => readSpoolCursor(client, spoolId)),
    ledger: (spoolId, orgId) =>
      within(async (client) => ({
        orgs: await readOrgs(client, orgId),
        cursor: await readSpoolCursor(client, spoolId),
      })),
    books: (orgId) =>
      within(async (client) => ({
        found: (await readOrgs(client, orgId)).get(orgId),
        cursors: await readSpoolCursors(client),
      })),
    close: () => pool.end(),
  };
}

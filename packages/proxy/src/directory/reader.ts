import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { openPool, type PoolClient } from "@tollgate/db/pool";
import { type OrgReadings, parseLedger, parseOrgs } from "./org-rows.ts";
import {
  type OrgSnapshot,
  readEnded,
  readNewest,
  readOrgs,
  readRevisions,
  readSpoolCursor,
  readSpoolCursors,
  type SpoolCursor,
} from "./read.ts";

/** Questions to Postgres, each answered from one instant. They throw when it is down, slow or locked. */
export interface Reader {
  everything(): Promise<OrgReadings>;
  /** Undefined: there is no such organisation (any more). Throws a PolicyFault when its policy cannot be read. */
  org(orgId: Uuid): Promise<OrgSnapshot | undefined>;
  revisions(): Promise<Map<Uuid, number>>;
  /** Changes with every change of any organisation. */
  newest(): Promise<string>;
  spoolCursor(spoolId: Uuid): Promise<SpoolCursor | null>;
  /** One organisation's counters, or all, and the cursor at one instant: an event is in the counters or beyond it. */
  ledger(spoolId: Uuid, orgId: Uuid | null): Promise<{ orgs: Map<Uuid, OrgSnapshot>; cursor: SpoolCursor | null }>;
  /** One organisation, every spool's cursor, and which of these calls the ledger has, at one instant. */
  ledgerState(orgId: Uuid, callIds: readonly Uuid[]): Promise<LedgerState>;
  /** Sets where `ledger` and `ledgerState` find the policy of an organisation whose stored policy cannot be read. */
  keepLastGood(lastGood: (orgId: Uuid) => OrgPolicy | undefined): void;
  close(): Promise<void>;
}

export interface LedgerState {
  found: OrgSnapshot | undefined;
  cursors: Record<Uuid, SpoolCursor>;
  ended: Uuid[];
}

const TIMEOUT_MS = 5_000;
/** The server gives up first: a session that waits for a lock does not notice that its client has gone. */
const SERVER_SHARE = 0.9;

/** `timeoutMs` bounds a connection and each query. */
export function openReader(connectionString: string, timeoutMs = TIMEOUT_MS): Reader {
  const pool = openPool({ connectionString, max: 3, timeoutMs });
  // Of its own, so that readings which wait for a lock do not keep the list of revisions waiting too.
  const listPool = openPool({ connectionString, max: 1, timeoutMs });
  let lastGoodOf: (orgId: Uuid) => OrgPolicy | undefined = () => undefined;
  // Set inside the transaction: a pooler between us and Postgres refuses or forgets settings of a session.
  const begin = `begin transaction isolation level repeatable read read only;
    set local statement_timeout = ${Math.round(timeoutMs * SERVER_SHARE)}`;

  async function within<T>(ask: (client: PoolClient) => Promise<T>, from = pool): Promise<T> {
    const client = await from.connect();
    try {
      await client.query(begin);
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
    everything: async () => parseOrgs(await within((client) => readOrgs(client, null))),
    async org(orgId) {
      const { orgs, faults } = await parseOrgs(await within((client) => readOrgs(client, orgId)));
      const unread = faults.get(orgId);
      if (unread) throw unread.fault;
      return orgs.get(orgId);
    },
    revisions: () => within(readRevisions, listPool),
    newest: () => within(readNewest, listPool),
    spoolCursor: (spoolId) => within((client) => readSpoolCursor(client, spoolId)),
    async ledger(spoolId, orgId) {
      const { rows, cursor } = await within(async (client) => ({
        rows: await readOrgs(client, orgId),
        cursor: await readSpoolCursor(client, spoolId),
      }));
      return { orgs: await parseLedger(rows, lastGoodOf), cursor };
    },
    async ledgerState(orgId, callIds) {
      const { rows, cursors, ended } = await within(async (client) => ({
        rows: await readOrgs(client, orgId),
        cursors: await readSpoolCursors(client),
        ended: callIds.length === 0 ? [] : await readEnded(client, orgId, callIds),
      }));
      return { found: (await parseLedger(rows, lastGoodOf)).get(orgId), cursors, ended };
    },
    keepLastGood(lastGood) {
      lastGoodOf = lastGood;
    },
    async close() {
      await Promise.all([pool.end(), listPool.end()]);
    },
  };
}

import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { type LogPage, type LogPosition, readChanges } from "./changes.ts";
import { Collected } from "./collected.ts";
import { type OrgReadings, parseLedger, parseOrgs } from "./org-rows.ts";
import {
  type OrgSnapshot,
  readEnded,
  readKeys,
  readOrgs,
  readSpoolCursor,
  readSpoolCursors,
  type SpoolCursor,
} from "./read.ts";
import { openSessions } from "./sessions.ts";

/** Questions to Postgres, each answered from one instant. They throw when it is down, slow or locked. */
export interface Reader {
  /** What the log of policy changes has after a position. */
  changes(from: LogPosition | null): Promise<LogPage>;
  /** Those of these keys that there are, by public id, as JSON. */
  keys(publicIds: readonly string[]): Promise<Map<string, unknown>>;
  /** Those of these organisations that there are. Counters only where they are wanted. */
  orgs(orgIds: readonly Uuid[], wantsCounters: WantsCounters): Promise<OrgReadings>;
  spoolCursor(spoolId: Uuid): Promise<SpoolCursor | null>;
  /** Counters of some organisations, and the cursor at one instant: an event is in the counters or beyond it. */
  ledger(spoolId: Uuid, orgIds: readonly Uuid[]): Promise<Ledger>;
  /** One organisation, every spool's cursor, and which of these calls the ledger has, at one instant. */
  ledgerState(orgId: Uuid, callIds: readonly Uuid[]): Promise<LedgerState>;
  /** Sets where the policy is found of an organisation whose stored policy cannot be read, for counters. */
  keepLastGood(lastGood: (orgId: Uuid) => OrgPolicy | undefined): void;
  close(): Promise<void>;
}

export type WantsCounters = (orgId: Uuid, policy: unknown, countersRevision: string) => boolean;

export interface Ledger {
  orgs: Map<Uuid, OrgSnapshot>;
  cursor: SpoolCursor | null;
}

export interface LedgerState {
  found: OrgSnapshot | undefined;
  cursors: Record<Uuid, SpoolCursor>;
  ended: Uuid[];
}

const TIMEOUT_MS = 5_000;
/** Organisations whose counters are read at once. */
const LEDGER_ORGS_MAX = 50;

/**
 * Each kind of question has a connection of its own, so that none waits behind another. `timeoutMs` bounds a connection and
 * each query.
 */
export function openReader(connectionString: string, timeoutMs = TIMEOUT_MS): Reader {
  const open = (max = 1) => openSessions(connectionString, max, timeoutMs);
  const [log, keys, orgs, ledger, cursors] = [open(), open(), open(), open(), open()];
  let lastGoodOf: (orgId: Uuid) => OrgPolicy | undefined = () => undefined;

  const states = new Collected<{ orgId: Uuid; callIds: readonly Uuid[] }, LedgerState>(async (asked) => {
    const orgIds = [...new Set(asked.map(({ orgId }) => orgId))];
    const callIds = asked.flatMap(({ callIds }) => callIds);
    const read = await ledger.within(async (client) => ({
      rows: await readOrgs(client, orgIds),
      cursors: await readSpoolCursors(client),
      ended: await readEnded(client, orgIds, callIds),
    }));
    const found = await parseLedger(read.rows, lastGoodOf);
    return asked.map(({ orgId, callIds }) => ({
      found: found.get(orgId),
      cursors: read.cursors,
      ended: callIds.filter((id) => read.ended.has(id)),
    }));
  }, LEDGER_ORGS_MAX);

  return {
    changes: (from) => log.within((client) => readChanges(client, from)),
    keys: (publicIds) => keys.within((client) => readKeys(client, publicIds)),
    orgs: async (orgIds, wantsCounters) =>
      parseOrgs(await orgs.within((client) => readOrgs(client, orgIds, wantsCounters))),
    spoolCursor: (spoolId) => cursors.within((client) => readSpoolCursor(client, spoolId)),
    async ledger(spoolId, orgIds) {
      const { rows, cursor } = await ledger.within(async (client) => ({
        rows: await readOrgs(client, orgIds),
        cursor: await readSpoolCursor(client, spoolId),
      }));
      return { orgs: await parseLedger(rows, lastGoodOf), cursor };
    },
    ledgerState: (orgId, callIds) => states.ask({ orgId, callIds }),
    keepLastGood(lastGood) {
      lastGoodOf = lastGood;
    },
    async close() {
      await Promise.all([log, keys, orgs, ledger, cursors].map((sessions) => sessions.close()));
    },
  };
}

import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import type { BatchQuery, KnownBatch } from "../ports.ts";
import { type LogPage, type LogPosition, readChanges } from "./changes.ts";
import { Collected } from "./collected.ts";
import { keyOf, type OrgReadings, parseLedger, parseOrgs } from "./org-rows.ts";
import {
  type OrgSnapshot,
  readEnded,
  readKeys,
  readOrgs,
  readSpoolCursor,
  readSpoolCursors,
  type SpoolCursor,
} from "./read.ts";
import { readBatches } from "./read-batches.ts";
import { readExactly } from "./read-counters.ts";
import { followsTo } from "./replica.ts";
import { openSessions, type Sessions } from "./sessions.ts";

/** Queries to Postgres, each in one snapshot. They throw if Postgres is down, slow or locked. */
export interface Reader {
  /** Policy can be read from a replica while Postgres itself is down. */
  readonly hasReplica: boolean;
  /** The log of policy changes after a position. */
  changes(from: LogPosition | null): Promise<LogPage>;
  /** The existing ones of these keys, by public id, as JSON. */
  keys(publicIds: readonly string[]): Promise<Map<string, unknown>>;
  /** The existing ones of these organisations, with counters where requested. */
  orgs(orgIds: readonly Uuid[], wantsCounters: WantsCounters): Promise<OrgReadings>;
  spoolCursor(spoolId: Uuid): Promise<SpoolCursor | null>;
  /**
   * Counters of some organisations, in any case those in `exactly`, and the spool's cursor, in one snapshot: an event is either in the
   * counters or after the cursor.
   */
  ledger(spoolId: Uuid, orgIds: readonly Uuid[], exactly?: AskedCounters): Promise<Ledger>;
  /** The amounts of these counters that have usage, and the cursor of every spool, in one snapshot. */
  counters(asked: AskedCounters): Promise<ReadCounters>;
  /** One organisation, every spool's cursor, and the ended ones of these calls, in one snapshot. */
  ledgerState(orgId: Uuid, callIds: readonly Uuid[]): Promise<LedgerState>;
  /** The batches of a key. */
  batches(query: BatchQuery): Promise<KnownBatch[]>;
  /** The policy in memory. */
  policyOf(orgId: Uuid): OrgPolicy | undefined;
  /** Sets the source of the policy in memory, which counters use if the stored policy cannot be read. */
  keepLastGood(lastGood: (orgId: Uuid) => OrgPolicy | undefined): void;
  close(): Promise<void>;
}

export type WantsCounters = (orgId: Uuid, policy: unknown, countersRevision: string) => boolean;

/** Counters by organisation. */
export type AskedCounters = ReadonlyMap<Uuid, readonly string[]>;

export interface ReadCounters {
  committed: Map<string, bigint>;
  cursors: Record<Uuid, SpoolCursor>;
}

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
/** Maximum number of organisations whose counters are read in one query. */
const LEDGER_ORGS_MAX = 50;

export interface ReaderOptions {
  /** Bounds a connection and each query. */
  timeoutMs?: number;
  /** Where keys and organisations are read, as long as the replica is not behind the log of changes. */
  replicaUrl?: string | undefined;
}

/** Each kind of question has a connection of its own, so that none waits behind another. */
export function openReader(connectionString: string, options: ReaderOptions = {}): Reader {
  const { timeoutMs = TIMEOUT_MS, replicaUrl } = options;
  const open = (url = connectionString) => openSessions(url, 1, timeoutMs);
  const [log, keys, orgs, ledger, exact, cursors, batches] = [open(), open(), open(), open(), open(), open(), open()];
  const replicas = replicaUrl === undefined ? null : { keys: open(replicaUrl), orgs: open(replicaUrl) };
  /** How far the log was read: an answer from before would bring back what was revoked since. */
  let position: LogPosition | null = null;
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

  /** Asks the replica, and Postgres itself if the replica is behind or does not answer. */
  async function asked<T>(of: "keys" | "orgs", from: Sessions, ask: (client: PoolClient) => Promise<T>): Promise<T> {
    if (replicas) {
      try {
        const answer = await replicas[of].within(async (client) =>
          (await followsTo(client, position)) ? { found: await ask(client) } : null,
        );
        if (answer) return answer.found;
      } catch {
        // Postgres itself has the answer, or the error.
      }
    }
    return from.within(ask);
  }

  return {
    hasReplica: replicas !== null,
    async changes(from) {
      const page = await log.within((client) => readChanges(client, from));
      position = page.position;
      return page;
    },
    keys: (publicIds) => asked("keys", keys, (client) => readKeys(client, publicIds)),
    orgs: async (orgIds, wantsCounters) =>
      parseOrgs(await asked("orgs", orgs, (client) => readOrgs(client, orgIds, { wants: wantsCounters }))),
    spoolCursor: (spoolId) => cursors.within((client) => readSpoolCursor(client, spoolId)),
    async ledger(spoolId, orgIds, exactly) {
      const { rows, cursor } = await ledger.within(async (client) => ({
        rows: await readOrgs(client, orgIds, exactly ? { exactly } : {}),
        cursor: await readSpoolCursor(client, spoolId),
      }));
      return { orgs: await parseLedger(rows, lastGoodOf), cursor };
    },
    async counters(asked) {
      const { rows, cursors } = await exact.within(async (client) => ({
        rows: await readExactly(client, asked),
        cursors: await readSpoolCursors(client),
      }));
      return { committed: new Map(rows.map((row) => [keyOf(row), BigInt(row.settled)])), cursors };
    },
    ledgerState: (orgId, callIds) => states.ask({ orgId, callIds }),
    batches: (query) => batches.within((client) => readBatches(client, query)),
    policyOf: (orgId) => lastGoodOf(orgId),
    keepLastGood(lastGood) {
      lastGoodOf = lastGood;
    },
    async close() {
      const opened = [
        log,
        keys,
        orgs,
        ledger,
        exact,
        cursors,
        batches,
        ...(replicas ? [replicas.keys, replicas.orgs] : []),
      ];
      await Promise.all(opened.map((sessions) => sessions.close()));
    },
  };
}

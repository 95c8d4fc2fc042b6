import type { Uuid } from "@tollgate/contracts/ids";
import { listen } from "@tollgate/db/listen";
import type { Directory, Log } from "../ports.ts";
import { Freshness, type PolicyAge } from "./freshness.ts";
import { loadPolicy } from "./load-policy.ts";
import { PolicyFault } from "./parse-policy.ts";
import type { OrgSnapshot } from "./read.ts";
import type { Reader } from "./reader.ts";
import { Refreshes } from "./refreshes.ts";
import { savePolicy } from "./save-policy.ts";
import { Snapshot } from "./snapshot.ts";
import { UnreadPolicies } from "./unread-policies.ts";
import { watchAge } from "./watch-age.ts";

export interface DirectoryOptions {
  /** Where notifications are listened for: Postgres itself, no pooler. */
  connectionString: string;
  reader: Reader;
  /** Where a copy is kept for a start without Postgres. */
  file: string;
  log: Log;
  /** Epoch ms. */
  now: () => number;
  /** Ms of a clock that is never set; ages are measured with it. */
  monotonic?: () => number;
  /** Policy older than this is reported to the operator. */
  staleAfterMs: number;
  /** Calls of an organisation whose policy is older than this are refused; null: policy serves however old it is. */
  refuseAfterMs: number | null;
  /** Milliseconds between two lists of revisions. */
  pollMs?: number;
  /** Milliseconds between two looks at the newest revision. */
  lookMs?: number;
  /** Called before a policy takes effect, with what the ledger has settled against its limits. */
  onSettled: (orgId: Uuid, settled: OrgSnapshot["settled"]) => void;
  /** Called each minute while policy is stale, with the organisations longest unread. */
  onStale?: (oldest: PolicyAge["oldest"]) => void;
  /** Called when a task for the proxies is announced. */
  onTask?: () => void;
}

export interface OpenDirectory extends Directory {
  close(): Promise<void>;
}

const POLL_MS = 5_000;
/** The newest revision is asked for each second. */
const LOOK_MS = 1_000;
const SAVE_AFTER_MS = 1_000;
/** Organisations read at the same time. */
const READS_MAX = 3;
/** Most organisations that one report of stale policy names. */
const TOLD_MAX = 100;

/** Policy in memory: changes are notified, polling catches what is missed, and a copy on disk serves a start without Postgres. */
export async function openDirectory(options: DirectoryOptions): Promise<OpenDirectory> {
  const {
    connectionString,
    reader,
    file,
    log,
    now,
    onSettled,
    staleAfterMs,
    refuseAfterMs,
    pollMs = POLL_MS,
    lookMs = LOOK_MS,
  } = options;
  const clock = options.monotonic ?? (() => performance.now());
  const snapshot = new Snapshot();
  const savedMs = await loadPolicy(file, snapshot, log);
  reader.keepLastGood((orgId) => snapshot.org(orgId));
  const freshness = new Freshness(savedMs === null ? Number.NEGATIVE_INFINITY : clock() - Math.max(0, now() - savedMs));
  let isReady = savedMs !== null;
  let isSynced = false;
  let announcedSinceMs = Number.POSITIVE_INFINITY;
  let isClosed = false;
  let syncing: Promise<void> | undefined;
  let isWaiting = false;
  let newest: string | undefined;
  let looking = false;
  let saving: NodeJS.Timeout | undefined;
  let lastSave = Promise.resolve();
  const unread = new UnreadPolicies(log);

  /** One at a time: they write to the same draft. */
  function save(): Promise<void> {
    clearTimeout(saving);
    saving = undefined;
    lastSave = lastSave.then(writeCopy);
    return lastSave;
  }

  async function writeCopy(): Promise<void> {
    try {
      await savePolicy(file, snapshot, now() - age(0).ageMs);
    } catch (error) {
      log.warn({ err: String(error) }, "policy copy not saved");
    }
  }

  function adopt({ org, keys, settled }: OrgSnapshot): void {
    onSettled(org.id, settled);
    snapshot.apply(org, keys);
    saving ??= setTimeout(() => void save(), SAVE_AFTER_MS);
  }

  const refreshes = new Refreshes(async (orgId) => {
    freshness.noticed(orgId, clock());
    try {
      const found = await reader.org(orgId);
      // Until it could be read it was not compared with the copy on disk: see syncAll.
      if (!found || unread.has(orgId)) snapshot.remove(orgId);
      if (found) adopt(found);
      unread.read(orgId);
      freshness.read(orgId);
    } catch (error) {
      if (error instanceof PolicyFault) unread.add(error);
      freshness.late(orgId);
      throw error;
    }
  }, READS_MAX);

  async function syncAll(): Promise<void> {
    const startedAtMs = clock();
    const { orgs, faults } = await reader.everything();
    // The database is the truth on the first reading, even should it be older than our copy: it may have been restored.
    for (const orgId of snapshot.orgIds()) if (!faults.has(orgId)) snapshot.remove(orgId);
    for (const each of orgs.values()) adopt(each);
    freshness.keepOnly(faults);
    // Noticed before the reading counts: they are as old as the copy on disk.
    for (const [orgId, { fault }] of faults) {
      unread.add(fault);
      freshness.noticed(orgId, startedAtMs);
      freshness.late(orgId);
    }
    freshness.listed(startedAtMs);
    isSynced = true;
  }

  /** `isAnnounced`: it is asked for because a change was announced, so what it finds is not late. */
  async function syncChanged(isAnnounced: boolean): Promise<void> {
    const startedAtMs = clock();
    const revisions = await reader.revisions();
    const changed = [...revisions].filter(
      ([orgId, revision]) => revision > snapshot.revision(orgId) || unread.has(orgId),
    );
    // Noticed before the list counts: they are as old as the list before it.
    for (const [orgId] of changed) {
      if (!isAnnounced && !refreshes.runs(orgId)) freshness.late(orgId);
      freshness.noticed(orgId, startedAtMs);
    }
    freshness.listed(startedAtMs);
    for (const orgId of snapshot.orgIds()) if (!revisions.has(orgId)) snapshot.remove(orgId);
    freshness.keepOnly(revisions);
    unread.keepOnly(revisions);
    // Not waited for: what one organisation's reading takes must not make the next list late.
    const read = (orgId: Uuid) => (isAnnounced ? refreshes.run(orgId) : refreshes.underWay(orgId));
    void Promise.allSettled(changed.map(([orgId]) => read(orgId))).then((readings) => {
      const failures = readings.filter((reading) => reading.status === "rejected");
      if (failures.length > 0) failed(`${failures.length} organisations: ${String(failures[0]?.reason)}`);
    });
  }

  const age = (most: number) => freshness.summary(snapshot.orgIds(), clock(), { staleAfterMs, most });
  const failed = (error: unknown): void => {
    if (!isClosed) log.warn({ err: String(error) }, "policy could not be read");
  };

  /** One at a time: Postgres that does not answer is not asked more and more. */
  function sync(isAnnounced = false): Promise<void> {
    syncing ??= (isSynced ? syncChanged(isAnnounced) : syncAll())
      .then(() => {
        isReady = true;
      }, failed)
      .finally(() => {
        syncing = undefined;
      });
    return syncing;
  }

  /** A list begun before may lack what was changed in between. Asked for again while one waits, it is one more list. */
  function syncAgain(isAnnounced: boolean): void {
    if (isWaiting) return;
    isWaiting = true;
    void (syncing ?? Promise.resolve()).then(() => {
      isWaiting = false;
      return sync(isAnnounced);
    });
  }

  /** For a pooler, which passes on no notification. */
  async function look(): Promise<void> {
    if (!isSynced || looking) return;
    looking = true;
    try {
      const found = await reader.newest();
      if (newest !== undefined && found !== newest) syncAgain(true);
      newest = found;
    } catch {
      // The list that is polled fails too, and says so.
    } finally {
      looking = false;
    }
  }

  const listener = listen({
    connectionString,
    channels: ["tollgate_policy", "tollgate_task"],
    // A notification says that something has changed, and not whose.
    onNotify: (channel) => {
      if (channel === "tollgate_task") options.onTask?.();
      else if (isSynced) syncAgain(true);
    },
    onConnected: () => {
      announcedSinceMs = clock();
      syncAgain(false);
    },
    onLost: () => {
      announcedSinceMs = Number.POSITIVE_INFINITY;
    },
  });
  const watch = watchAge({ age: () => age(TOLD_MAX), staleAfterMs, log, onStale: options.onStale ?? (() => {}) });
  const looks = setInterval(() => void look(), lookMs);
  const poll = setInterval(() => {
    watch();
    void sync();
  }, pollMs);

  return {
    key: (publicId) => snapshot.key(publicId),
    org: (orgId) => snapshot.org(orgId),
    grant: (key) => snapshot.grant(key),
    fresh: () => freshness.knowsAll(announcedSinceMs, clock()),
    ready: () => isReady,
    serves: (orgId) => refuseAfterMs === null || freshness.ageMs(orgId, clock()) < refuseAfterMs,
    age,
    blocks: () => snapshot.blocks(),
    async close() {
      isClosed = true;
      clearInterval(looks);
      clearInterval(poll);
      await listener.close();
      if (isSynced) await save();
      clearTimeout(saving);
    },
  };
}

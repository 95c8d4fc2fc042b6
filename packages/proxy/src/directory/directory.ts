import path from "node:path";
import { type Grant, grantOf, type OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { listen } from "@tollgate/db/listen";
import type { Asker, Directory, Log } from "../ports.ts";
import type { Bounds } from "./bounded-map.ts";
import { ChangeLog } from "./change-log.ts";
import type { PolicyChange } from "./changes.ts";
import { openCopies } from "./copy/open-copies.ts";
import { Freshness, type PolicyAge } from "./freshness.ts";
import { type KeyEntry, Keys } from "./keys.ts";
import { Orgs } from "./orgs.ts";
import { isUnreachable, policyUnavailable } from "./policy-unavailable.ts";
import type { OrgSnapshot } from "./read.ts";
import type { Reader } from "./reader.ts";
import { watchAge } from "./watch-age.ts";

export interface DirectoryOptions {
  /** Direct URL of Postgres for notifications, without a pooler. */
  connectionString: string;
  reader: Reader;
  /** Folder of the copies for a start without Postgres. */
  dir: string;
  /** Identifies this process among those that share the folder. */
  processId: string;
  log: Log;
  /** Epoch ms. */
  now: () => number;
  /** Milliseconds of a monotonic clock, which measures ages. */
  monotonic?: () => number;
  /** Policy older than this is reported to the operator. */
  staleAfterMs: number;
  /** Calls of an organisation with older policy are refused; null: policy is used at any age. */
  refuseAfterMs: number | null;
  /** Milliseconds between two reads of the log if no notification arrives. */
  lookMs?: number;
  /** Milliseconds between two checks of the age of policy. */
  watchMs?: number;
  /** Maximum number of keys in memory. Default 100,000. */
  keyBounds?: Bounds;
  /** Called before a policy takes effect, with the settled amounts of its limits if they may have changed. */
  onSettled: (orgId: Uuid, settled: OrgSnapshot["settled"]) => void;
  /** Called each minute while policy is stale, with the organisations that were read least recently. */
  onStale?: (oldest: PolicyAge["oldest"]) => void;
  /** Called when a task for the proxies is announced. */
  onTask?: () => void;
}

export interface OpenDirectory extends Directory {
  close(): Promise<void>;
}

const LOOK_MS = 1_000;
const WATCH_MS = 5_000;
/** Maximum number of organisations in one report of stale policy. */
const REPORTED_MAX = 100;
/** Marks the organisation itself as not current, not one of its keys. */
const ITSELF = "";

/** The policy of organisations and keys in use. It is read on first use, and kept current with the log of changes. */
export async function openDirectory(options: DirectoryOptions): Promise<OpenDirectory> {
  const { reader, log, now, staleAfterMs, refuseAfterMs, lookMs = LOOK_MS, watchMs = WATCH_MS } = options;
  const clock = options.monotonic ?? (() => performance.now());
  const freshness = new Freshness();
  let isAway = false;
  let isClosed = false;
  let isLogRead = false;
  let isReady = false;
  let isProving = false;
  let blocks = false;

  const epochMs = (atMs: number): number => Math.max(0, now() - (clock() - atMs));
  const clockMs = (ms: number): number => clock() - Math.max(0, now() - ms);

  function failed(error: unknown): void {
    isAway ||= isUnreachable(error);
    if (!isClosed) log.warn({ err: String(error) }, "policy could not be read");
  }

  const keys = new Keys({
    read: reader.keys,
    log,
    clock,
    isAway: () => isAway,
    mayRead: () => !isAway || reader.hasReplica,
    follows: () => freshness.follows(clock()),
    onFailed: failed,
    onBehind: (orgId, publicId, isCopied) => freshness.noticed(orgId, publicId, clock(), isCopied),
    onRead: (orgId, publicId) => freshness.read(orgId, publicId),
    onKept: (orgId, publicId) => copies.keyChanged(orgId, publicId),
    bounds: options.keyBounds,
  });
  const orgs = new Orgs({
    read: reader.orgs,
    log,
    isAway: () => isAway,
    mayRead: () => !isAway || reader.hasReplica,
    onFailed: failed,
    onBehind: (orgId, isCopied) => freshness.noticed(orgId, ITSELF, clock(), isCopied),
    onRead: (orgId) => freshness.read(orgId, ITSELF),
    onSettled: options.onSettled,
    onKept: (orgId) => copies.orgChanged(orgId),
  });
  reader.keepLastGood((orgId) => orgs.peek(orgId));

  const copies = openCopies({
    dir: path.join(options.dir, "policy"),
    oldFile: path.join(options.dir, "policy.json"),
    processId: options.processId,
    log,
    now,
    mayWrite: () => isLogRead,
    current: () => ({
      savedMs: epochMs(clock() - freshness.logAgeMs(clock())),
      position: changeLog.position,
      behind: new Map(freshness.behind().map(([orgId, atMs]) => [orgId, epochMs(atMs)])),
    }),
    org: (orgId) => orgs.current(orgId),
    key: (publicId) => keys.trusted(publicId),
    keys: () => keys.entries(),
  });
  const copied = await copies.load({
    org: (org) => orgs.restore(org),
    key: (key, usedMs) => keys.restore(key, usedMs),
  });
  if (copied) {
    freshness.copied(clockMs(copied.savedMs));
    for (const [orgId, ms] of copied.behind)
      if (orgs.peek(orgId)) freshness.copiedBehind(orgId, ITSELF, clock(), clockMs(ms));
    isReady = orgs.ids().size > 0;
  }

  function apply(changes: readonly PolicyChange[]): void {
    const members = new Set<Uuid>();
    for (const { kind, organisation, subject } of changes) {
      if (kind === "all") distrust();
      else if (kind === "key") {
        keys.changed(subject);
        copies.keyLogged(organisation, subject);
      } else if (kind === "member") members.add(subject);
      else {
        orgs.changed(organisation);
        copies.orgLogged(organisation);
      }
    }
    if (members.size > 0) keys.membersChanged(members);
  }

  /** Memory may differ from the database. */
  function distrust(): void {
    keys.distrust();
    orgs.distrust();
    copies.forget();
  }

  const changeLog = new ChangeLog({
    read: reader.changes,
    clock,
    from: copied?.position ?? null,
    onChanges(changes, doesBlock) {
      blocks = doesBlock;
      if (!changes) return distrust();
      // The copy was current up to the position where the log continues.
      if (!isLogRead && copied) {
        keys.trust(copied.behind);
        orgs.trust(copied.behind);
        for (const orgId of copied.behind.keys()) orgs.changed(orgId);
      }
      isLogRead = true;
      apply(changes);
    },
    onRead(startedAtMs) {
      if (isAway) {
        keys.retry();
        orgs.retry();
      }
      [isAway, isLogRead] = [false, true];
      freshness.logRead(startedAtMs);
      keys.readChanged();
      orgs.readChanged();
      if (!isReady) void prove();
    },
    onFailed(error) {
      isAway = true;
      failed(error);
    },
  });

  /** The proxy is ready when it can look up keys, not only follow changes. */
  async function prove(): Promise<void> {
    if (isProving) return;
    isProving = true;
    try {
      await reader.keys([]);
      isReady = true;
    } catch (error) {
      failed(error);
    } finally {
      isProving = false;
    }
  }

  const age = (most: number) => freshness.summary(orgs.ids(), clock(), { staleAfterMs, most });

  const listener = listen({
    connectionString: options.connectionString,
    channels: ["tollgate_policy", "tollgate_task"],
    // A notification does not say what has changed.
    onNotify: (channel) => (channel === "tollgate_task" ? options.onTask?.() : changeLog.lookAgain()),
    onConnected: () => changeLog.lookAgain(),
    onLost: () => {},
  });
  const watch = watchAge({ age: () => age(REPORTED_MAX), staleAfterMs, log, onStale: options.onStale ?? (() => {}) });
  const looks = setInterval(() => void changeLog.look(), lookMs);
  const watches = setInterval(watch, watchMs);
  // Without a position in the log, changes of what is read now could be missed.
  const begun = changeLog.look();

  /** Also undefined if its team is newer than its organisation in memory. */
  function grantFor(entry: KeyEntry, org: OrgPolicy | undefined): Grant | undefined {
    if (!org) return undefined;
    if (entry.grant?.org === org) return entry.grant;
    const { key } = entry;
    const team = org.teams.find(({ id }) => id === key.teamId) ?? null;
    if (key.teamId !== null && !team) return undefined;
    entry.grant = grantOf(org, team, key);
    return entry.grant;
  }

  async function load(publicId: string, asker: Asker): Promise<Grant | undefined> {
    if (!isLogRead) await begun;
    const entry = await keys.load(publicId, asker);
    if (!entry) return undefined;
    const { orgId } = entry.key;
    const grant = grantFor(entry, await orgs.load(orgId)) ?? grantFor(entry, await orgs.reload(orgId));
    if (!grant) throw policyUnavailable();
    copies.used(orgId, publicId);
    return grant;
  }

  return {
    find(publicId, asker) {
      const entry = keys.current(publicId, asker.atMs);
      return (entry && grantFor(entry, orgs.current(entry.key.orgId))) ?? load(publicId, asker);
    },
    key: (publicId) => keys.peek(publicId),
    org: (orgId) => orgs.peek(orgId),
    fresh: () => !isAway && freshness.isCurrent(clock()),
    ready: () => isReady,
    serves: (orgId) => refuseAfterMs === null || freshness.ageMs(orgId, clock()) < refuseAfterMs,
    age,
    blocks: () => blocks || orgs.blocks(),
    async batches(query) {
      try {
        return await reader.batches(query);
      } catch (error) {
        log.warn({ orgId: query.orgId, err: String(error) }, "batches could not be read");
        throw policyUnavailable();
      }
    },
    async close() {
      isClosed = true;
      clearInterval(looks);
      clearInterval(watches);
      await listener.close();
      await copies.close();
    },
  };
}

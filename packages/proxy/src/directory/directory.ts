import type { Uuid } from "@tollgate/contracts/ids";
import { listen } from "@tollgate/db/listen";
import type { Directory, Log } from "../ports.ts";
import { loadPolicy, savePolicy } from "./policy-file.ts";
import type { OrgSnapshot } from "./read.ts";
import type { Reader } from "./reader.ts";
import { Snapshot } from "./snapshot.ts";

export interface DirectoryOptions {
  connectionString: string;
  reader: Reader;
  /** Where a copy is kept for a start without Postgres. */
  file: string;
  log: Log;
  /** Epoch ms. */
  now: () => number;
  /** Called before a policy takes effect, with what the ledger has settled against its limits. */
  onSettled: (orgId: Uuid, settled: OrgSnapshot["settled"]) => void;
}

export interface OpenDirectory extends Directory {
  close(): Promise<void>;
}

const POLL_MS = 5_000;
/** Two polls missed: whatever the connection says, nobody knows what has changed. */
const FRESH_MS = 12_000;
const SAVE_AFTER_MS = 1_000;

/** Policy, warm in memory: changes are notified, polling stands behind that, and a copy on disk behind both. */
export async function openDirectory(options: DirectoryOptions): Promise<OpenDirectory> {
  const { connectionString, reader, file, log, now, onSettled } = options;
  const snapshot = new Snapshot();
  const refreshing = new Map<Uuid, { isStale: boolean }>();
  let currentAtMs = await loadPolicy(file, snapshot);
  let isListening = false;
  let isSynced = false;
  let saving: NodeJS.Timeout | undefined;

  function save(): void {
    saving ??= setTimeout(() => {
      saving = undefined;
      savePolicy(file, snapshot, currentAtMs ?? now()).catch((error: unknown) => {
        log.warn({ err: String(error) }, "policy copy not saved");
      });
    }, SAVE_AFTER_MS);
  }

  function adopt({ org, keys, settled }: OrgSnapshot): void {
    onSettled(org.id, settled);
    snapshot.apply(org, keys);
    save();
  }

  /** Re-reads one organisation; notified again meanwhile, once more. */
  async function refresh(orgId: Uuid): Promise<void> {
    const running = refreshing.get(orgId);
    if (running) {
      running.isStale = true;
      return;
    }
    const run = { isStale: true };
    refreshing.set(orgId, run);
    try {
      while (run.isStale) {
        run.isStale = false;
        const found = await reader.org(orgId);
        if (found) adopt(found);
        else snapshot.remove(orgId);
      }
    } finally {
      refreshing.delete(orgId);
    }
  }

  async function syncAll(): Promise<void> {
    const everything = await reader.everything();
    // The database is the truth on the first reading, even should it be older than our copy: it may have been restored.
    for (const orgId of snapshot.orgIds()) snapshot.remove(orgId);
    for (const each of everything.values()) adopt(each);
    isSynced = true;
  }

  async function syncChanged(): Promise<void> {
    const revisions = await reader.revisions();
    for (const orgId of snapshot.orgIds()) if (!revisions.has(orgId)) snapshot.remove(orgId);
    const changed = [...revisions].filter(([orgId, revision]) => revision > snapshot.revision(orgId));
    await Promise.all(changed.map(([orgId]) => refresh(orgId)));
  }

  async function sync(): Promise<void> {
    const askedAtMs = now();
    try {
      await (isSynced ? syncChanged() : syncAll());
      currentAtMs = askedAtMs;
    } catch (error) {
      log.warn({ err: String(error) }, "policy could not be read");
    }
  }

  const listener = listen({
    connectionString,
    channels: ["tollgate_policy"],
    onNotify: (_channel, orgId) => {
      if (!isSynced) return;
      refresh(orgId).catch((error: unknown) => log.warn({ err: String(error) }, "policy could not be read"));
    },
    onConnected: () => {
      void sync().then(() => {
        isListening = true;
      });
    },
    onLost: () => {
      isListening = false;
    },
  });
  const poll = setInterval(() => void sync(), POLL_MS);
  const ageMs = (): number => (currentAtMs === null ? Number.POSITIVE_INFINITY : now() - currentAtMs);

  return {
    key: (publicId) => snapshot.key(publicId),
    org: (orgId) => snapshot.org(orgId),
    grant: (key) => snapshot.grant(key),
    fresh: () => isSynced && isListening && ageMs() < FRESH_MS,
    ready: () => currentAtMs !== null,
    ageMs,
    async close() {
      clearInterval(poll);
      clearTimeout(saving);
      await listener.close();
    },
  };
}

import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Log } from "../../ports.ts";
import { type CopyState, HEAD_FILE, headLine, lineOf, orgFile } from "./copy-lines.ts";

export interface PolicyCopyOptions {
  /** Only this process writes to it. */
  folder: string;
  log: Log;
  /** Epoch ms. */
  now: () => number;
  /** False: the policy in memory comes from the copy. */
  mayWrite: () => boolean;
  /** The position in the log of changes up to which memory is current. */
  current: () => CopyState;
  org: (orgId: Uuid) => OrgPolicy | undefined;
  key: (publicId: string) => KeptKey | undefined;
  keys: () => Iterable<[publicId: string, kept: KeptKey]>;
}

export interface KeptKey {
  key: KeyPolicy;
  /** Epoch ms of the last use. */
  usedMs: number;
}

interface File {
  /** Its current size, and its size when this process last wrote it completely (0: never). */
  bytes: number;
  wholeBytes: number;
  /** The keys in it, with their last use as written there. */
  keys: Map<string, number>;
}

/** Keys that were last used before that are not kept. */
export const KEPT_MS = 24 * 3_600_000;
/** A key's line is written again when its last use is this much later than in the file. */
const USED_AGAIN_MS = 3_600_000;
/** A file is written completely again when it has grown by this much beyond twice its size. */
const GROWTH_BYTES = 64 * 1024;
const KEYS_A_TURN = 1_000;

/**
 * Keeps a copy on disk for a start without Postgres: one file per organisation in use, with the keys that were used in the
 * last day. A change adds a line. Sometimes a file is written completely and renamed. The files contain hashes and sealed
 * boxes, no secrets. One process writes to a folder, one file at a time.
 */
export class PolicyCopy {
  readonly #options: PolicyCopyOptions;
  readonly #files = new Map<Uuid, File>();
  /** Not written yet: organisations, and keys per organisation. */
  #orgs = new Set<Uuid>();
  #keys = new Map<Uuid, Set<string>>();
  #saving: Promise<void> = Promise.resolve();

  constructor(options: PolicyCopyOptions) {
    this.#options = options;
  }

  orgChanged(orgId: Uuid): void {
    this.#orgs.add(orgId);
  }

  keyChanged(orgId: Uuid, publicId: string): void {
    const keys = this.#keys.get(orgId);
    if (keys) keys.add(publicId);
    else this.#keys.set(orgId, new Set([publicId]));
  }

  /** A key was found in a copy. */
  found(orgId: Uuid, publicId: string, usedMs: number): void {
    this.#file(orgId).keys.set(publicId, usedMs);
  }

  hasOrg(orgId: Uuid): boolean {
    return this.#files.has(orgId);
  }

  hasKey(orgId: Uuid, publicId: string): boolean {
    return this.#files.get(orgId)?.keys.has(publicId) ?? false;
  }

  /** Marks everything that was written before as unusable. */
  forget(): void {
    this.#files.clear();
    [this.#orgs, this.#keys] = [new Set(), new Map()];
    this.#saving = this.#saving.then(() =>
      rm(this.#options.folder, { recursive: true, force: true }).catch(this.#failed),
    );
  }

  /** Writes the changes since the last call. Never rejects. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** Updates the last use of keys in use, and removes keys that were not used for a day. */
  async noteUses(): Promise<void> {
    const keptMs = this.#options.now() - KEPT_MS;
    let at = 0;
    const pause = async (): Promise<void> => {
      at += 1;
      if (at % KEYS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    for (const [publicId, { key, usedMs }] of this.#options.keys()) {
      const writtenMs = this.#files.get(key.orgId)?.keys.get(publicId) ?? 0;
      if (usedMs > keptMs && usedMs - writtenMs >= USED_AGAIN_MS) this.keyChanged(key.orgId, publicId);
      await pause();
    }
    for (const [orgId, { keys }] of this.#files)
      for (const [publicId, writtenMs] of keys) {
        if (writtenMs <= keptMs) this.keyChanged(orgId, publicId);
        await pause();
      }
    await this.save();
  }

  readonly #failed = (error: unknown): void => {
    this.#options.log.warn({ err: String(error) }, "policy copy not saved");
  };

  async #save(): Promise<void> {
    if (!this.#options.mayWrite()) return;
    const current = this.#options.current();
    const [orgs, keys] = [this.#orgs, this.#keys];
    [this.#orgs, this.#keys] = [new Set(), new Map()];
    const remaining = new Set([...orgs, ...keys.keys()]);
    try {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      for (const orgId of remaining) {
        await this.#saveOrg(orgId, orgs.has(orgId), keys.get(orgId) ?? new Set());
        remaining.delete(orgId);
      }
      const { savedMs, position, behind } = current;
      if (position) await this.#replace(HEAD_FILE, headLine(savedMs, position, behind));
    } catch (error) {
      // It is tried again next time, and the file is then written completely.
      for (const orgId of remaining) {
        const file = this.#files.get(orgId);
        if (file) file.wholeBytes = 0;
        this.orgChanged(orgId);
        for (const publicId of keys.get(orgId) ?? []) this.keyChanged(orgId, publicId);
      }
      this.#failed(error);
    }
  }

  async #saveOrg(orgId: Uuid, isOrgChanged: boolean, changed: ReadonlySet<string>): Promise<void> {
    const org = this.#options.org(orgId);
    const name = orgFile(orgId);
    if (!org) {
      this.#files.delete(orgId);
      return rm(path.join(this.#options.folder, name), { force: true });
    }
    const file = this.#file(orgId);
    const isWhole = file.wholeBytes === 0 || file.bytes > 2 * file.wholeBytes + GROWTH_BYTES;
    const publicIds = isWhole ? new Set([...file.keys.keys(), ...changed]) : changed;
    const lines = isWhole || isOrgChanged ? [lineOf({ org })] : [];
    for (const publicId of publicIds) {
      const line = this.#keyLine(orgId, publicId, file.keys);
      if (line !== null || !isWhole) lines.push(line ?? lineOf({ gone: publicId }));
    }
    const added = lines.join("");
    if (isWhole) {
      await this.#replace(name, added);
      [file.wholeBytes, file.bytes] = [added.length, added.length];
    } else {
      await appendFile(path.join(this.#options.folder, name), added, { mode: 0o600 });
      file.bytes += added.length;
    }
  }

  /** Null: the key is not in the copy. */
  #keyLine(orgId: Uuid, publicId: string, keys: Map<string, number>): string | null {
    const kept = this.#options.key(publicId);
    if (kept?.key.orgId !== orgId || kept.usedMs <= this.#options.now() - KEPT_MS) {
      keys.delete(publicId);
      return null;
    }
    keys.set(publicId, kept.usedMs);
    return lineOf({ key: kept.key, usedMs: kept.usedMs });
  }

  #file(orgId: Uuid): File {
    let file = this.#files.get(orgId);
    if (!file) {
      file = { bytes: 0, wholeBytes: 0, keys: new Map() };
      this.#files.set(orgId, file);
    }
    return file;
  }

  async #replace(name: string, content: string): Promise<void> {
    const file = path.join(this.#options.folder, name);
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, file);
  }
}

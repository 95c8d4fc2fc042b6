import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Log } from "../../ports.ts";
import { type CopyState, HEAD_FILE, headLine, lineOf, orgFile } from "./copy-lines.ts";

export interface PolicyCopyOptions {
  /** Of this process alone. */
  folder: string;
  log: Log;
  /** Epoch ms. */
  now: () => number;
  /** False: what is in memory is the copy itself. */
  mayWrite: () => boolean;
  /** Up to where memory follows the log of changes. */
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
  /** What it has grown to, and what it had when it was last written whole; 0: not by this process. */
  bytes: number;
  wholeBytes: number;
  /** Keys in it, and their last use there. */
  keys: Map<string, number>;
}

/** Keys used longer ago are not kept. */
export const KEPT_MS = 24 * 3_600_000;
/** How much later than in the file a key was used when its line is written again. */
const USED_AGAIN_MS = 3_600_000;
/** What a file may grow by, beyond twice its size, before it is written whole again. */
const GROWTH_BYTES = 64 * 1024;
const KEYS_A_TURN = 1_000;

/**
 * Keeps a copy on disk for a start without Postgres: a file for each organisation in use, with the keys that were used in the
 * last day. A change adds a line; now and then a file is written whole and renamed into place. The files hold hashes and
 * sealed boxes, nothing that opens anything. One process writes to a folder, one file at a time.
 */
export class PolicyCopy {
  readonly #options: PolicyCopyOptions;
  readonly #files = new Map<Uuid, File>();
  /** Not written yet: organisations, and keys by organisation. */
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

  /** What was written before is not to be used. */
  forget(): void {
    this.#files.clear();
    [this.#orgs, this.#keys] = [new Set(), new Map()];
    this.#saving = this.#saving.then(() =>
      rm(this.#options.folder, { recursive: true, force: true }).catch(this.#failed),
    );
  }

  /** Writes what has changed since the last time. Never rejects. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** Writes again the last use of keys that go on being used, and removes those that were not used for a day. */
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
      // Tried again next time. What was being added to is written whole then.
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

  /** Null: the key is not kept. */
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

import path from "node:path";
import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { CopiedOrg, CopyState } from "./copy-lines.ts";
import { loadCopy } from "./load-copy.ts";
import { loadOldCopy } from "./load-old-copy.ts";
import { KEPT_MS, PolicyCopy, type PolicyCopyOptions } from "./policy-copy.ts";

export interface CopiesOptions extends Omit<PolicyCopyOptions, "folder"> {
  /** Contains one folder per process. */
  dir: string;
  /** Location of the previous version's copy. */
  oldFile: string;
  processId: string;
}

export interface Copies {
  /** Null: there is no copy. */
  load(take: Take): Promise<CopyState | null>;
  orgChanged(orgId: Uuid): void;
  keyChanged(orgId: Uuid, publicId: string): void;
  /** It has changed. If it is no longer in memory, it is removed from the copy. */
  orgLogged(orgId: Uuid): void;
  keyLogged(orgId: Uuid, publicId: string): void;
  /** A key was used for the first time since it was loaded. */
  used(orgId: Uuid, publicId: string): void;
  /** Marks everything that was written as unusable. */
  forget(): void;
  close(): Promise<void>;
}

export interface Take {
  org: (org: OrgPolicy) => void;
  key: (key: KeyPolicy, usedMs: number) => void;
}

const SAVE_MS = 1_000;
const USES_MS = 600_000;

/** Keeps a copy for a start without Postgres, and reads the copies of earlier processes. */
export function openCopies(options: CopiesOptions): Copies {
  const { dir, oldFile, processId, log } = options;
  const folder = path.join(dir, processId);
  const copy = new PolicyCopy({ ...options, folder });
  const saves = setInterval(() => void copy.save(), SAVE_MS);
  const uses = setInterval(() => void copy.noteUses(), USES_MS);

  const taking = (take: Take) => (copied: CopiedOrg, from: string, savedMs: number) => {
    const { org, keys } = copied;
    take.org(org);
    // Another process wrote it; from now on it is in this process's copy.
    if (from !== folder) copy.orgChanged(org.id);
    for (const [publicId, { key, usedMs }] of keys) {
      if (usedMs <= savedMs - KEPT_MS) continue;
      take.key(key, usedMs);
      copy.found(org.id, publicId, usedMs);
    }
  };

  return {
    async load(take) {
      const found = await loadCopy(dir, log, taking(take));
      if (found) return found;
      const savedMs = await loadOldCopy(oldFile, log, (copied) => taking(take)(copied, oldFile, 0));
      return savedMs === null ? null : { savedMs, position: null, behind: new Map() };
    },
    orgChanged: (orgId) => copy.orgChanged(orgId),
    keyChanged: (orgId, publicId) => copy.keyChanged(orgId, publicId),
    orgLogged: (orgId) => {
      if (copy.hasOrg(orgId)) copy.orgChanged(orgId);
    },
    keyLogged: (orgId, publicId) => {
      if (copy.hasKey(orgId, publicId)) copy.keyChanged(orgId, publicId);
    },
    used: (orgId, publicId) => {
      if (!copy.hasKey(orgId, publicId)) copy.keyChanged(orgId, publicId);
    },
    forget: () => copy.forget(),
    async close() {
      clearInterval(saves);
      clearInterval(uses);
      await copy.noteUses();
    },
  };
}

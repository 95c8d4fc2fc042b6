import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Uuid } from "@tollgate/contracts/ids";
import { inTurns } from "../../body/steps.ts";
import type { Log } from "../../ports.ts";
import type { LogPosition } from "../changes.ts";
import { policyLane } from "../parse-policy.ts";
import { type CopiedOrg, type CopyState, HEAD_FILE, Head, orgOfFile, parseLines } from "./copy-lines.ts";

interface Folder {
  path: string;
  savedMs: number;
  position: LogPosition;
  behind: Record<Uuid, number>;
}

/** Folders that are older than the newest one by more than this are not used: they may have keys that were deleted since. */
const BEHIND_MAX_MS = 60_000;
/** A folder without writes for this long is deleted. */
const KEPT_MS = 7 * 86_400_000;

/**
 * Reads the copies on disk of all processes of this machine, each in its own folder, oldest folder first. Unreadable parts
 * are logged and skipped. Null: there is no copy.
 */
export async function loadCopy(
  dir: string,
  log: Log,
  take: (copied: CopiedOrg, folder: string, savedMs: number) => void,
): Promise<CopyState | null> {
  const folders = (await foldersIn(dir, log)).toSorted((a, b) => a.savedMs - b.savedMs);
  const newestMs = folders.at(-1)?.savedMs ?? 0;
  const used = folders.filter(({ savedMs }) => savedMs >= newestMs - BEHIND_MAX_MS);
  for (const folder of folders) {
    if (used.includes(folder)) await loadFolder(folder, log, (copied) => take(copied, folder.path, folder.savedMs));
    else if (folder.savedMs < newestMs - KEPT_MS) await rm(folder.path, { recursive: true, force: true });
  }
  const [oldest] = used.toSorted((a, b) => (a.position.horizon < b.position.horizon ? -1 : 1));
  if (!oldest) return null;
  return {
    savedMs: newestMs,
    position: oldest.position,
    behind: new Map(used.flatMap(({ behind }) => Object.entries(behind))),
  };
}

async function foldersIn(dir: string, log: Log): Promise<Folder[]> {
  const folders: Folder[] = [];
  for (const name of await namesIn(dir)) {
    const folder = path.join(dir, name);
    try {
      const head = Head.parse(JSON.parse(await readFile(path.join(folder, HEAD_FILE), "utf8")));
      const { savedMs, horizon, last, behind } = head;
      folders.push({ path: folder, savedMs, position: { horizon, seen: new Map(), last }, behind });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        log.error({ folder: name, err: String(error) }, "a copy of the policy on disk cannot be read");
    }
  }
  return folders;
}

async function loadFolder(folder: Folder, log: Log, take: (copied: CopiedOrg) => void): Promise<void> {
  for (const name of await namesIn(folder.path)) {
    const orgId = orgOfFile(name);
    if (!orgId) continue;
    try {
      const lines = (await readFile(path.join(folder.path, name), "utf8")).split("\n");
      const steps = parseLines(orgId, lines, (line, fault) =>
        log.error(
          { orgId, line, ...(fault && { field: fault.field, reason: fault.reason }) },
          "a line of the policy's copy on disk is damaged",
        ),
      );
      const copied = await inTurns(steps, policyLane);
      if (copied) take(copied);
      else log.error({ orgId }, "the copy of an organisation's policy on disk cannot be read");
    } catch (error) {
      log.error({ orgId, err: String(error) }, "the copy of an organisation's policy on disk cannot be read");
    }
  }
}

const namesIn = (dir: string): Promise<string[]> =>
  readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    return [];
  });

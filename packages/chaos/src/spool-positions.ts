import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { query } from "@tollgate/testkit/cluster";
import type { Rig } from "./rig.ts";

const SEGMENT = /^(\d+)\.spool$/;

/** The id of each spool on the disk and its folder. */
async function spools(spoolDir: string): Promise<{ id: string; dir: string }[]> {
  const all = (await readdir(spoolDir)).map(async (name) => {
    const dir = path.join(spoolDir, name);
    return { dir, id: await readFile(path.join(dir, "id"), "utf8").catch(() => "") };
  });
  return (await Promise.all(all)).filter(({ id }) => id !== "");
}

/** The ledger's position in every spool on the disk. */
export async function positions({ database, spoolDir }: Rig): Promise<Map<string, bigint>> {
  const rows = await query<{ id: string; position: string }>(
    database.ownerUrl,
    "select spool_id as id, position::text from spool_cursor",
  );
  const known = new Map(rows.map(({ id, position }) => [id, BigInt(position)]));
  return new Map((await spools(spoolDir)).map(({ id }) => [id, known.get(id) ?? 0n]));
}

/** Where a spool ends: the position of its last segment, which its name tells, and that segment's size. */
async function endOf(dir: string): Promise<bigint> {
  const last = (await readdir(dir))
    .filter((name) => SEGMENT.test(name))
    .sort()
    .at(-1);
  if (!last) return 0n;
  return BigInt(SEGMENT.exec(last)?.[1] ?? 0) + BigInt((await stat(path.join(dir, last))).size);
}

/** Whether the ledger has everything that is in spools. A spool can be deleted meanwhile: then it is not known. */
export async function isAllIngested(rig: Rig): Promise<boolean> {
  try {
    const known = await positions(rig);
    const ends = await Promise.all(
      (await spools(rig.spoolDir)).map(async ({ id, dir }) => ({ id, end: await endOf(dir) })),
    );
    return ends.every(({ id, end }) => (known.get(id) ?? 0n) >= end);
  } catch {
    return false;
  }
}

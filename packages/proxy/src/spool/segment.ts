import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** One file of a spool. Positions are byte offsets into the spool as a whole; a segment is named by its first. */
export interface Segment {
  file: string;
  base: number;
  /** Bytes on disk. */
  size: number;
}

export const SEGMENT_BYTES = 64 * 1024 * 1024;

const NAME = /^(\d{16})\.spool$/;

export const segmentFile = (dir: string, base: number): string =>
  path.join(dir, `${base.toString().padStart(16, "0")}.spool`);

/** Null when a file of this name is no segment. */
export function segmentBase(name: string): number | null {
  const base = NAME.exec(name)?.[1];
  return base === undefined ? null : Number.parseInt(base, 10);
}

/** Oldest first. */
export async function listSegments(dir: string): Promise<Segment[]> {
  const names = (await readdir(dir)).filter((name) => segmentBase(name) !== null).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(dir, name);
      return { file, base: segmentBase(name) ?? 0, size: (await stat(file)).size };
    }),
  );
}

import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * One file of a spool. Positions are byte offsets into the whole spool. A segment is named after its first position.
 */
export interface Segment {
  file: string;
  base: number;
  /** Size on disk, in bytes. */
  size: number;
}

export const SEGMENT_BYTES = 64 * 1024 * 1024;

const NAME = /^(\d{16})\.spool$/;

export const segmentFile = (dir: string, base: number): string =>
  path.join(dir, `${base.toString().padStart(16, "0")}.spool`);

/** The first position of the segment with this file name; null when the file is not a segment. */
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

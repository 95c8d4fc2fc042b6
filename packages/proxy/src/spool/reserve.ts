import { openSync, renameSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { BLANK } from "./frame.ts";

/** Disk space that is reserved in advance, so that running calls can be recorded when the disk is full. */
export interface Reserve {
  bytes: number;
  /** Creates the reserve again, which proves that the disk has space. Rejects when the write fails. */
  renew(): Promise<void>;
  /**
   * Renames the reserve to `file`, to be overwritten.
   * @returns its file descriptor; null when there is no reserve or the rename fails
   */
  spend(file: string): number | null;
}

/** Room for some thousands of records. */
const RESERVE_BYTES = 8 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

export function createReserve(dir: string, bytes = RESERVE_BYTES): Reserve {
  const kept = path.join(dir, "reserve");
  const draft = path.join(dir, "reserve.draft");

  async function fill(): Promise<void> {
    const handle = await open(draft, "w", 0o600);
    try {
      for (let left = bytes; left > 0; left -= PIECE_BYTES)
        await handle.writeFile(Buffer.alloc(Math.min(left, PIECE_BYTES), BLANK));
    } finally {
      await handle.close();
    }
  }

  return {
    bytes,
    async renew() {
      try {
        await fill();
        await rename(draft, kept);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        throw error;
      }
    },
    spend(file) {
      try {
        renameSync(kept, file);
        return openSync(file, "r+");
      } catch {
        return null;
      }
    },
  };
}

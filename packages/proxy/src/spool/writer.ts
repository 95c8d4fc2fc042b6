import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import type { Reserve } from "./reserve.ts";
import { segmentBase, segmentFile } from "./segment.ts";

export interface WriterOptions {
  dir: string;
  segmentBytes: number;
  reserve: Reserve;
  /** The disk refused a file, bytes, or a sync. What it refused to write may still be in the reserve. */
  onRefused: (error: Error) => void;
}

export interface Writer {
  /** Writes behind everything else. @returns the position where the bytes begin. Throws when the disk refuses them. */
  write(bytes: Buffer): number;
  /** Position up to which everything is in the files. */
  end(): number;
  /** Goes on in another file. */
  leave(): void;
  /** Everything is durable. */
  close(): Promise<void>;
}

/** The file being written. Closed only once nothing of it is left to sync: its number would be given to the next. */
interface OpenSegment {
  fd: number;
  base: number;
  /** Position at which the next one begins; what was the reserve is never written beyond it. */
  end: number;
  isReserve: boolean;
  isSyncing: boolean;
  isLeft: boolean;
  isClosed: boolean;
}

/** Writes are made durable this much behind: one sync for all of them. */
const SYNC_BEHIND_MS = 5;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function endOfSegments(dir: string): number {
  const newest = Math.max(...readdirSync(dir).map((name) => segmentBase(name) ?? -1), -1);
  return newest < 0 ? 0 : newest + statSync(segmentFile(dir, newest)).size;
}

function createFile(dir: string, base: number): number {
  const fd = openSync(segmentFile(dir, base), "a", 0o600);
  const parent = openSync(path.resolve(dir), "r");
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
  return fd;
}

/**
 * Writes segments, one behind the other; when the disk is full, into the reserve. Writing is synchronous: into the page
 * cache that takes microseconds, where a trip to the thread pool and back costs a call ten times as much.
 */
export function createWriter({ dir, segmentBytes, reserve, onRefused }: WriterOptions): Writer {
  let position = endOfSegments(dir);
  let segment: OpenSegment | null = null;
  const unsynced = new Set<OpenSegment>();
  let syncing: Promise<void> | null = null;

  const opened = (fd: number, bytes: number, isReserve: boolean): OpenSegment => ({
    fd,
    base: position,
    end: position + bytes,
    isReserve,
    isSyncing: false,
    isLeft: false,
    isClosed: false,
  });

  function closeWhenSynced(left: OpenSegment): void {
    if (!left.isLeft || left.isSyncing || left.isClosed || unsynced.has(left)) return;
    left.isClosed = true;
    closeSync(left.fd);
  }

  /** What is left of the reserve goes, and what a failed write left: a record must not be read twice. */
  function cutTo({ fd, base }: OpenSegment, end: number): void {
    try {
      ftruncateSync(fd, end - base);
    } catch (error) {
      onRefused(asError(error));
    }
  }

  function leave(): void {
    const left = segment;
    segment = null;
    if (!left) return;
    cutTo(left, position);
    left.isLeft = true;
    closeWhenSynced(left);
  }

  async function syncSegment(written: OpenSegment): Promise<void> {
    unsynced.delete(written);
    written.isSyncing = true;
    const error = await new Promise<Error | null>((resolve) => fdatasync(written.fd, resolve));
    written.isSyncing = false;
    if (error) {
      // What a failed sync lost cannot be known, and a second one on the same file would claim success.
      unsynced.delete(written);
      leave();
      onRefused(error);
    }
    closeWhenSynced(written);
  }

  async function sync(): Promise<void> {
    while (unsynced.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, SYNC_BEHIND_MS));
      for (const written of [...unsynced]) await syncSegment(written);
    }
    syncing = null;
  }

  function put(into: OpenSegment, bytes: Buffer): void {
    unsynced.add(into);
    const at = position - into.base;
    for (let done = 0; done < bytes.length; ) done += writeSync(into.fd, bytes, done, bytes.length - done, at + done);
    syncing ??= sync();
  }

  // A file that could not be cut after a failed write is longer than what is known to be in it: never use its positions.
  function begin(): OpenSegment {
    position = Math.max(position, endOfSegments(dir));
    return opened(createFile(dir, position), segmentBytes, false);
  }

  function beginInReserve(): OpenSegment | null {
    position = Math.max(position, endOfSegments(dir));
    const fd = reserve.spend(segmentFile(dir, position));
    return fd === null ? null : opened(fd, reserve.bytes, true);
  }

  function tryReserve(bytes: Buffer, error: Error): void {
    if (bytes.length > reserve.bytes) throw error;
    segment = beginInReserve();
    if (!segment) throw error;
    put(segment, bytes);
  }

  return {
    write(bytes) {
      const isFull = segment && (segment.isReserve ? position + bytes.length > segment.end : position >= segment.end);
      if (isFull) leave();
      try {
        segment ??= begin();
        put(segment, bytes);
      } catch (error) {
        leave();
        onRefused(asError(error));
        tryReserve(bytes, asError(error));
      }
      const start = position;
      position += bytes.length;
      return start;
    },
    end: () => position,
    leave,
    async close() {
      await syncing;
      leave();
    },
  };
}

import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import type { Reserve } from "./reserve.ts";
import { segmentBase, segmentFile } from "./segment.ts";

export interface WriterOptions {
  dir: string;
  segmentBytes: number;
  reserve: Reserve;
  /** Called when creating a file, a write or a sync fails. The bytes of a failed write may still go to the reserve. */
  onRefused: (error: Error) => void;
}

export interface Writer {
  /** Appends bytes. @returns the position of the first byte. Throws when the disk and the reserve have no room. */
  write(bytes: Buffer): number;
  /** Position up to which all bytes are in the files. */
  end(): number;
  /** Ends the current file; the next write opens another. */
  leave(): void;
  /** Resolves when all bytes are durable. */
  close(): Promise<void>;
}

/** The file being written. It is closed after its last sync, because a later file could reuse its descriptor number. */
interface OpenSegment {
  fd: number;
  base: number;
  /** Position at which the next segment begins. A segment made from the reserve is never written beyond it. */
  end: number;
  isReserve: boolean;
  isSyncing: boolean;
  isLeft: boolean;
  isClosed: boolean;
}

/**
 * Delay before a sync, so that one sync covers many writes: a sync takes as much CPU time as several calls. A record written
 * survives a kill of the process at once, and a loss of power after this delay and one sync.
 */
const SYNC_BEHIND_MS = 20;

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
 * Writes segments one after the other, and into the reserve when the disk is full. Writes are synchronous: a write to
 * the page cache takes microseconds, and the thread pool would cost ten times as much.
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

  /** Cuts off the unused part of a reserve and the remains of a failed write, so that no record is read twice. */
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
      // After a failed sync the lost bytes are unknown, and a second sync of the same file would report success.
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

  // A file that could not be cut after a failed write is longer than `position`. Positions inside it must not be
  // reused.
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

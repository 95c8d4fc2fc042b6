import { closeSync, fdatasync, fsyncSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { SEGMENT_BYTES, segmentBase, segmentFile } from "./segment.ts";

export interface LogOptions {
  dir: string;
  /** After bytes reached the file, at positions in the order of appending. */
  onWritten: (frames: readonly Buffer[], start: number) => void;
  onError: (error: Error) => void;
  segmentBytes?: number;
  /** Bytes kept in memory while the disk refuses; beyond them the oldest are lost, and counted. */
  backlogBytesMax?: number;
}

export interface Log {
  /** Resolves once the bytes are in the file, rejects when the disk refuses them: they are then tried again behind. */
  append(frame: Buffer): Promise<void>;
  /** Position up to which everything is in the file. */
  end(): number;
  /** False from a refusal of the disk until everything was written after all. */
  healthy(): boolean;
  /** Records lost because the disk refused for too long. */
  lost(): number;
  /** Writes and syncs what is left. */
  close(): Promise<void>;
}

/** The file being written. Closed only once nothing of it is left to sync: its number would be given to the next. */
interface OpenSegment {
  fd: number;
  /** Position at which the next one begins. */
  end: number;
  isSyncing: boolean;
  isLeft: boolean;
  isClosed: boolean;
}

/** Writes are made durable this much behind: one sync for all of them. */
const SYNC_BEHIND_MS = 5;
const RETRY_MS = 500;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function endOfSegments(dir: string): number {
  const newest = Math.max(...readdirSync(dir).map((name) => segmentBase(name) ?? -1), -1);
  return newest < 0 ? 0 : newest + statSync(segmentFile(dir, newest)).size;
}

function createSegment(dir: string, base: number): number {
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
 * Appends to the newest segment of a directory; begins with a new one, so that a torn tail is never written after.
 * Records of one turn of the event loop are one write. It is a synchronous one: into the page cache that takes
 * microseconds, where a trip to the thread pool and back costs a call ten times as much.
 */
export function openLog(options: LogOptions): Log {
  const { dir, onWritten, onError, segmentBytes = SEGMENT_BYTES, backlogBytesMax = 64 * 1024 * 1024 } = options;
  let position = endOfSegments(dir);
  let segment: OpenSegment | null = null;
  let waiting: Buffer[] = [];
  let written = Promise.withResolvers<void>();
  let timer: NodeJS.Immediate | NodeJS.Timeout | null = null;
  let refused: Error | null = null;
  let lost = 0;
  const unsynced = new Set<OpenSegment>();
  let syncing: Promise<void> | null = null;

  function closeWhenSynced(left: OpenSegment): void {
    if (!left.isLeft || left.isSyncing || left.isClosed || unsynced.has(left)) return;
    left.isClosed = true;
    closeSync(left.fd);
  }

  function leaveSegment(): void {
    const left = segment;
    segment = null;
    if (!left) return;
    left.isLeft = true;
    closeWhenSynced(left);
  }

  function refuse(error: unknown): void {
    refused = asError(error);
    leaveSegment();
    onError(refused);
  }

  function write(bytes: Buffer): void {
    if (segment && position >= segment.end) leaveSegment();
    if (!segment) {
      // A file whose last write failed may be longer than what is known to be in it: never reuse its positions.
      position = Math.max(position, endOfSegments(dir));
      const fd = createSegment(dir, position);
      segment = { fd, end: position + segmentBytes, isSyncing: false, isLeft: false, isClosed: false };
    }
    unsynced.add(segment);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(segment.fd, bytes, offset);
  }

  function dropExcess(): void {
    let excess = waiting.reduce((sum, frame) => sum + frame.length, 0) - backlogBytesMax;
    const kept = waiting.findIndex((frame) => {
      if (excess <= 0) return true;
      excess -= frame.length;
      return false;
    });
    lost += kept === -1 ? waiting.length : kept;
    waiting = kept === -1 ? [] : waiting.slice(kept);
  }

  async function syncSegment(written: OpenSegment): Promise<void> {
    unsynced.delete(written);
    written.isSyncing = true;
    const error = await new Promise<Error | null>((resolve) => fdatasync(written.fd, resolve));
    written.isSyncing = false;
    if (error) {
      // What a failed sync lost cannot be known, and a second one on the same file would claim success.
      unsynced.delete(written);
      refuse(error);
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

  function flush(): void {
    timer = null;
    const frames = waiting;
    const done = written;
    written = Promise.withResolvers();
    try {
      const bytes = frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
      write(bytes);
      const start = position;
      position += bytes.length;
      waiting = [];
      refused = null;
      onWritten(frames, start);
      done.resolve();
    } catch (error) {
      // Whoever does not wait must not end the process by the rejection.
      done.promise.catch(() => {});
      done.reject(asError(error));
      refuse(error);
      dropExcess();
      timer = setTimeout(flush, RETRY_MS);
      return;
    }
    syncing ??= sync();
  }

  return {
    append(frame) {
      waiting.push(frame);
      if (refused) {
        timer ??= setTimeout(flush, RETRY_MS);
        return Promise.reject(refused);
      }
      timer ??= setImmediate(flush);
      return written.promise;
    },
    end: () => position,
    healthy: () => refused === null,
    lost: () => lost,
    async close() {
      if (timer && "hasRef" in timer) {
        clearImmediate(timer as NodeJS.Immediate);
        clearTimeout(timer as NodeJS.Timeout);
      }
      if (waiting.length > 0) flush();
      if (timer) clearTimeout(timer as NodeJS.Timeout);
      await syncing;
      leaveSegment();
    },
  };
}

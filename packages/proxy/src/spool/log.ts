import type { SpoolRecord } from "./frame.ts";
import { type Batched, FrameBatch } from "./frame-batch.ts";
import { createReserve } from "./reserve.ts";
import { SEGMENT_BYTES } from "./segment.ts";
import { createWriter } from "./writer.ts";

export interface LogOptions {
  dir: string;
  /**
   * Called after records are written to the file. `start` is the position of the first; the others follow it in
   * order.
   */
  onWritten: (records: readonly Batched[], start: number) => void;
  onError: (error: Error) => void;
  segmentBytes?: number;
  /** Disk space, in bytes, that is reserved for the case that the disk becomes full. */
  reserveBytes?: number;
  /** Maximum bytes kept in memory while writes fail. Beyond it the oldest records are dropped and counted as lost. */
  backlogBytesMax?: number;
}

export interface Log {
  /**
   * Resolves when the record is in the file. Rejects when the write fails; the log retries it in the background. A
   * caller that does not await the promise need not catch the rejection. Throws a RangeError when the record is too long.
   */
  append(record: SpoolRecord): Promise<void>;
  /** The same, but it also resolves when the write fails. */
  offer(record: SpoolRecord): Promise<void>;
  /** Position up to which everything is in the file. */
  end(): number;
  /** False after a failed write, until all records are written and the reserve exists again. */
  healthy(): boolean;
  /** Records lost because writes failed for too long. */
  lost(): number;
  /** Writes and syncs the remaining records. */
  close(): Promise<void>;
}

const RETRY_MS = 500;

const DONE = Promise.resolve();

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * Appends records to the segments of a directory. The first record opens a new segment, so nothing is written after a
 * torn tail. Records of one turn of the event loop are one write. When the disk is full, records go to the reserve,
 * then to memory. Retries are timed, not made for every record.
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const { dir, onWritten, onError, segmentBytes = SEGMENT_BYTES, backlogBytesMax = 64 * 1024 * 1024 } = options;
  const reserve = createReserve(dir, options.reserveBytes);
  const waiting = new FrameBatch();
  let written = Promise.withResolvers<void>();
  let tried = Promise.withResolvers<void>();
  let flushing: NodeJS.Immediate | null = null;
  let refused: Error | null = null;
  let healing: NodeJS.Timeout | null = null;
  /** The last write failed on the disk and on the reserve. Nothing is written until the next retry. */
  let isStuck = false;
  let lost = 0;

  function refuse(error: Error): void {
    refused = error;
    healing ??= setTimeout(() => void heal(), RETRY_MS);
    onError(error);
  }
  const writer = createWriter({ dir, segmentBytes, reserve, onRefused: refuse });

  function dropExcess(): void {
    lost += waiting.dropOldest(backlogBytesMax);
  }

  function flush(): void {
    flushing = null;
    const done = written;
    const ended = tried;
    written = Promise.withResolvers();
    tried = Promise.withResolvers();
    try {
      const start = writer.write(waiting.encoded());
      onWritten(waiting.records, start);
      waiting.clear();
      done.resolve();
    } catch (error) {
      // A caller that does not await this must not end the process with an unhandled rejection.
      done.promise.catch(() => {});
      done.reject(asError(error));
      isStuck = true;
      dropExcess();
    }
    ended.resolve();
  }

  /** False: nothing is written until the next retry. */
  function add(record: SpoolRecord): boolean {
    waiting.add(record);
    if (isStuck) dropExcess();
    else flushing ??= setImmediate(flush);
    return !isStuck;
  }

  async function heal(): Promise<void> {
    healing = null;
    try {
      await reserve.renew();
      refused = null;
      writer.leave();
    } catch (error) {
      refuse(asError(error));
    }
    isStuck = false;
    if (!waiting.isEmpty && !flushing) flush();
  }

  await reserve.renew().catch((error: unknown) => refuse(asError(error)));

  return {
    append(record) {
      if (add(record)) return written.promise;
      const rejected = Promise.reject(refused);
      rejected.catch(() => {});
      return rejected;
    },
    offer: (record) => (add(record) ? tried.promise : DONE),
    end: writer.end,
    healthy: () => refused === null,
    lost: () => lost,
    async close() {
      if (flushing) clearImmediate(flushing);
      if (!waiting.isEmpty) flush();
      if (healing) clearTimeout(healing);
      await writer.close();
    },
  };
}

import { type FrameHead, frameHead } from "./frame.ts";
import { createReserve } from "./reserve.ts";
import { SEGMENT_BYTES } from "./segment.ts";
import { createWriter } from "./writer.ts";

export interface Appended {
  head: FrameHead;
  frame: Buffer;
}

export interface LogOptions {
  dir: string;
  /** After bytes reached the file, at positions in the order of appending. */
  onWritten: (records: readonly Appended[], start: number) => void;
  onError: (error: Error) => void;
  segmentBytes?: number;
  /** Bytes of the disk that are taken in advance for when it is full. */
  reserveBytes?: number;
  /** Bytes kept in memory while the disk refuses; beyond them the oldest are lost, and counted. */
  backlogBytesMax?: number;
}

export interface Log {
  /**
   * Resolves once the bytes are in the file, rejects when the disk refuses them: they are then tried again behind. Who does
   * not wait for it need not catch that.
   */
  append(frame: Buffer, head?: FrameHead): Promise<void>;
  /** Position up to which everything is in the file. */
  end(): number;
  /** False from a refusal of the disk until it has a reserve again and everything was written after all. */
  healthy(): boolean;
  /** Records lost because the disk refused for too long. */
  lost(): number;
  /** Writes and syncs what is left. */
  close(): Promise<void>;
}

const RETRY_MS = 500;

const joined = (records: readonly Appended[]): Buffer => Buffer.concat(records.map(({ frame }) => frame));

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * Appends to the newest segment of a directory; begins with a new one, so that a torn tail is never written after.
 * Records of one turn of the event loop are one write. A disk that refuses is not asked again for every record: what it
 * leaves no room for, the reserve included, is kept in memory until the reserve can be made again.
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const { dir, onWritten, onError, segmentBytes = SEGMENT_BYTES, backlogBytesMax = 64 * 1024 * 1024 } = options;
  const reserve = createReserve(dir, options.reserveBytes);
  let waiting: Appended[] = [];
  let written = Promise.withResolvers<void>();
  let flushing: NodeJS.Immediate | null = null;
  let refused: Error | null = null;
  let healing: NodeJS.Timeout | null = null;
  /** Not even the reserve took the last bytes: until the next try, nothing is written. */
  let isStuck = false;
  let lost = 0;

  function refuse(error: Error): void {
    refused = error;
    healing ??= setTimeout(() => void heal(), RETRY_MS);
    onError(error);
  }
  const writer = createWriter({ dir, segmentBytes, reserve, onRefused: refuse });

  function dropExcess(): void {
    let excess = waiting.reduce((sum, { frame }) => sum + frame.length, 0) - backlogBytesMax;
    const kept = waiting.findIndex(({ frame }) => {
      if (excess <= 0) return true;
      excess -= frame.length;
      return false;
    });
    lost += kept === -1 ? waiting.length : kept;
    waiting = kept === -1 ? [] : waiting.slice(kept);
  }

  function flush(): void {
    flushing = null;
    const records = waiting;
    const done = written;
    written = Promise.withResolvers();
    try {
      const start = writer.write(records.length === 1 && records[0] ? records[0].frame : joined(records));
      waiting = [];
      onWritten(records, start);
      done.resolve();
    } catch (error) {
      // A caller that does not await this must not end the process with an unhandled rejection.
      done.promise.catch(() => {});
      done.reject(asError(error));
      isStuck = true;
      dropExcess();
    }
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
    if (waiting.length > 0 && !flushing) flush();
  }

  await reserve.renew().catch((error: unknown) => refuse(asError(error)));

  return {
    append(frame, head = frameHead(frame)) {
      waiting.push({ head, frame });
      if (isStuck) {
        dropExcess();
        const rejected = Promise.reject(refused);
        rejected.catch(() => {});
        return rejected;
      }
      flushing ??= setImmediate(flush);
      return written.promise;
    },
    end: writer.end,
    healthy: () => refused === null,
    lost: () => lost,
    async close() {
      if (flushing) clearImmediate(flushing);
      if (waiting.length > 0) flush();
      if (healing) clearTimeout(healing);
      await writer.close();
    },
  };
}

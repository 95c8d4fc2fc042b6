import { frameRoom, type SpoolRecord, writeFrame } from "./frame.ts";

/** A record in a batch. */
export interface Batched extends SpoolRecord {
  /** Encoded size. */
  bytes: number;
}

const FIRST_BYTES = 64 * 1024;
/** A larger buffer is released when the batch is written. */
const KEPT_BYTES = 1024 * 1024;

/**
 * Encodes records one after the other into one buffer that is reused. So there is no buffer per record and no copy per
 * batch.
 */
export class FrameBatch {
  #buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #bytes = 0;
  #records: Batched[] = [];

  /** Oldest first. */
  get records(): readonly Batched[] {
    return this.#records;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  /** Throws a RangeError when the record is too long. */
  add(record: SpoolRecord): void {
    this.#reserve(frameRoom(record));
    const end = writeFrame(this.#buffer, this.#bytes, record);
    const { kind, id, text } = record;
    this.#records.push({ kind, id, text, bytes: end - this.#bytes });
    this.#bytes = end;
  }

  /** The encoded records. Valid until the next change of the batch. */
  encoded(): Buffer {
    return this.#buffer.subarray(0, this.#bytes);
  }

  clear(): void {
    this.#records = [];
    this.#bytes = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** Drops the oldest records until at most `bytesMax` remain. @returns how many were dropped. */
  dropOldest(bytesMax: number): number {
    let [dropped, bytes] = [0, 0];
    for (const record of this.#records) {
      if (this.#bytes - bytes <= bytesMax) break;
      bytes += record.bytes;
      dropped += 1;
    }
    this.#buffer.copyWithin(0, bytes, this.#bytes);
    this.#bytes -= bytes;
    this.#records.splice(0, dropped);
    return dropped;
  }

  #reserve(bytes: number): void {
    const needed = this.#bytes + bytes;
    if (needed <= this.#buffer.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(wider, 0, 0, this.#bytes);
    this.#buffer = wider;
  }
}

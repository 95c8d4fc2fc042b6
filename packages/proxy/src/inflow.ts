import type { Turns, Waiter } from "./turns.ts";

/** Beyond these the connection is paused. A provider may send each byte in a chunk of its own. */
const WAITING_BYTES_MAX = 64 * 1024;
const WAITING_CHUNKS_MAX = 64;
/** A chunk of an event stream up to this size is not cut. */
const SMALL_BYTES = 512;
/** Lines of an event stream that are read at once. */
const LINES = 64;
/** The same in bytes, if lines end with carriage returns. */
const CR_BYTES = 2048;
/** A response up to this size that is not an event stream is read at once, because that takes no longer than waiting for a turn. */
const AT_ONCE_BYTES = 8 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** The reader of a response, and the connection that it comes from. */
export interface Connection {
  /** False: the reader has no room until `Inflow.resume`. */
  deliver(chunk: Buffer): boolean;
  pauseConnection(): void;
  resumeConnection(): void;
}

/**
 * The bytes of one response on their way to its reader. They are passed on at once while the event loop has time, and wait
 * for a turn otherwise. While too many wait, the connection is paused.
 */
export class Inflow implements Waiter {
  readonly #turns: Turns;
  /** Whose turns are used. */
  readonly #orgId: string;
  readonly #connection: Connection;
  #isEvents = false;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #passedBytes = 0;
  #last: (() => void) | null = null;
  #isFull = false;
  #isPaused = false;
  #isJoined = false;
  #isOver = false;

  constructor(turns: Turns, orgId: string, connection: Connection) {
    this.#turns = turns;
    this.#orgId = orgId;
    this.#connection = connection;
  }

  /** The response is an event stream, whose chunks may have thousands of events. */
  readsEvents(): void {
    this.#isEvents = true;
  }

  data(chunk: Buffer): void {
    if (this.#isOver) return;
    const isFirst = this.#waiting.length === 0 && !this.#isFull;
    if (isFirst && (this.#isEvents ? this.#hasTimeFor(chunk) : this.#isSmall(chunk) || this.#turns.hasTime())) {
      this.#isFull = !this.#connection.deliver(chunk);
      return;
    }
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    this.#join();
    if (this.#isPaused || (this.#bytes < WAITING_BYTES_MAX && this.#waiting.length < WAITING_CHUNKS_MAX)) return;
    this.#isPaused = true;
    this.#connection.pauseConnection();
  }

  #hasTimeFor(events: Buffer): boolean {
    return this.#turns.hasTime() && linesEnd(events) === events.length;
  }

  #isSmall(chunk: Buffer): boolean {
    this.#passedBytes += chunk.length;
    return this.#passedBytes <= AT_ONCE_BYTES;
  }

  /** Calls `last` after all bytes have been passed on. */
  end(last: () => void): void {
    if (this.#isOver) return;
    if (this.#waiting.length === 0) {
      this.#isOver = true;
      last();
    } else this.#last = last;
  }

  /** The reader has room again. */
  resume(): void {
    this.#isFull = false;
    if (this.#waiting.length > 0) this.#join();
    else this.#flowOn();
  }

  /** Nothing is passed on from now on. */
  drop(): void {
    this.#isOver = true;
    this.#waiting = [];
    this.#last = null;
  }

  step(): boolean {
    const chunk = this.#waiting[0];
    if (chunk && !this.#isOver) {
      const end = this.#isEvents ? linesEnd(chunk) : chunk.length;
      if (end === chunk.length) this.#waiting.shift();
      else this.#waiting[0] = chunk.subarray(end);
      this.#bytes -= end;
      this.#isFull = !this.#connection.deliver(end === chunk.length ? chunk : chunk.subarray(0, end));
    }
    this.#isJoined = !this.#isOver && !this.#isFull && this.#waiting.length > 0;
    if (this.#waiting.length === 0) this.#drained();
    return this.#isJoined;
  }

  #join(): void {
    if (this.#isJoined || this.#isFull || this.#isOver) return;
    this.#isJoined = true;
    this.#turns.join(this.#orgId, this);
  }

  #drained(): void {
    const last = this.#last;
    if (this.#isOver) return;
    if (last) {
      this.#isOver = true;
      last();
    } else if (!this.#isFull) this.#flowOn();
  }

  #flowOn(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#connection.resumeConnection();
  }
}

/** Where the first lines of a chunk end. An event in one long line is not cut. */
function linesEnd(chunk: Buffer): number {
  if (chunk.length <= SMALL_BYTES) return chunk.length;
  if (chunk.includes(CR)) return Math.min(CR_BYTES, chunk.length);
  let at = -1;
  for (let line = 0; line < LINES; line++) {
    at = chunk.indexOf(LF, at + 1);
    if (at === -1) return chunk.length;
  }
  return at + 1;
}

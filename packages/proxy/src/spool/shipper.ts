import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Producer } from "@tollgate/jobs/producer";
import { readChunk } from "./read.ts";
import type { Segment } from "./segment.ts";

export interface ShipperOptions {
  dir: string;
  /** The ledger's name for this spool. */
  spoolId: () => string;
  /** Gives the spool a new name, under which all of it is sent again. */
  rename: () => Promise<void>;
  /** Position up to which the spool may be read. */
  end: () => number;
  /** No call is under way: what has no ended request in it will not get one. */
  isQuiet: () => boolean;
  producer: Producer;
  /** Position the ledger has taken in, from Postgres; 0 when it knows nothing of this spool. */
  readCursor: () => Promise<bigint>;
  /** The ledger has everything before this position. */
  onAcknowledged: (position: number) => Promise<void>;
  onDamage: (segment: Segment, bytes: number) => void;
  onError: (error: Error) => void;
}

export interface Shipper {
  /** Something was written. */
  wake(): void;
  /** Position the ledger is known to have taken in. */
  acknowledged(): number;
  close(): Promise<void>;
}

interface Batch {
  from: number;
  to: number;
  jobId: string;
  sentAtMs: number;
  sendings: number;
}

const BATCH_EVENTS_MAX = 500;
/** Sent and not yet acknowledged, at most. */
const BATCHES_MAX = 32;
/** Events are gathered for this long, so that a busy spool sends full batches and a quiet one is quick. */
const GATHER_MS = 40;
const CURSOR_EVERY_MS = 200;
const RESEND_AFTER_MS = 5_000;
const RESEND_AFTER_MAX_MS = 60_000;
const RETRY_MS = 1_000;
/** Dispatches alone, of calls still under way, are passed over in steps of this size; damage at the end at once. */
const IDLE_BYTES_MAX = 1024 * 1024;

type Payload = JobPayload<"usage.ingest">;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });

/**
 * Brings ended requests from the spool to the ledger, at least once: what the ledger's cursor does not pass in time and
 * no longer waits in the queue is sent again. Everything it needs to know is in the files and in Postgres.
 */
export function createShipper(options: ShipperOptions): Shipper {
  const { dir, spoolId, rename, end, isQuiet, producer, readCursor, onAcknowledged, onDamage, onError } = options;
  const closing = new AbortController();
  let acknowledged = 0;
  let next = 0;
  let inFlight: Batch[] = [];
  let asleep: PromiseWithResolvers<void> | null = null;

  /** The ended requests of the next piece of the spool that has any. */
  async function gather(from: number, to: number): Promise<Payload> {
    const events: string[] = [];
    let position = from;
    while (position < to && events.length === 0) {
      const chunk = await readChunk(dir, position, to);
      if (chunk.segment && chunk.damaged > 0) onDamage(chunk.segment, chunk.damaged);
      if (chunk.to <= position) break;
      position = chunk.to;
      for (const frame of chunk.frames) {
        if (frame.kind === "D") continue;
        if (events.length >= BATCH_EVENTS_MAX) {
          position = frame.start;
          break;
        }
        events.push(frame.payload.toString());
      }
    }
    return { spoolId: spoolId(), from: String(from), to: String(position), events };
  }

  async function send(): Promise<void> {
    while (inFlight.length < BATCHES_MAX && next < end() && !closing.signal.aborted) {
      const payload = await gather(next, end());
      const to = Number(payload.to);
      if (payload.events.length === 0 && to - next < IDLE_BYTES_MAX && !isQuiet()) return;
      const jobId = await producer.enqueue("usage.ingest", payload);
      inFlight.push({ from: next, to, jobId, sentAtMs: performance.now(), sendings: 1 });
      next = to;
    }
  }

  async function resend(batch: Batch): Promise<void> {
    const patienceMs = Math.min(RESEND_AFTER_MS * 2 ** (batch.sendings - 1), RESEND_AFTER_MAX_MS);
    if (performance.now() - batch.sentAtMs < patienceMs) return;
    // Where nobody takes jobs off the queue, another copy would only make it longer.
    const isGone = !(await producer.waits("usage.ingest", batch.jobId));
    for (let from = batch.from; isGone && from < batch.to; ) {
      const payload = await gather(from, batch.to);
      if (Number(payload.to) <= from) break;
      batch.jobId = await producer.enqueue("usage.ingest", payload);
      from = Number(payload.to);
    }
    batch.sentAtMs = performance.now();
    batch.sendings += 1;
  }

  async function acknowledge(): Promise<void> {
    const cursor = Number(await readCursor());
    // The database went back in time: what it forgot is sent again, as far as the files still have it.
    if (cursor < acknowledged) {
      next = cursor;
      inFlight = [];
    }
    acknowledged = cursor;
    inFlight = inFlight.filter(({ to }) => to > cursor);
    await onAcknowledged(cursor);
    for (const batch of inFlight) await resend(batch);
  }

  async function begin(): Promise<void> {
    // Files were restored or lost: positions mean something else than the ledger thinks. Events are known by their ids,
    // so sending too much does no harm.
    if (Number(await readCursor()) > end()) await rename();
    next = Number(await readCursor());
  }

  async function run(): Promise<void> {
    let started = false;
    let askedAtMs = 0;
    while (!closing.signal.aborted) {
      const seen = end();
      try {
        if (!started || (inFlight.length > 0 && performance.now() - askedAtMs >= CURSOR_EVERY_MS)) {
          if (!started) await begin();
          started = true;
          await acknowledge();
          askedAtMs = performance.now();
        }
        await send();
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
        await pause(RETRY_MS, closing.signal);
        continue;
      }
      if (inFlight.length === 0 && end() === seen && !closing.signal.aborted) {
        asleep = Promise.withResolvers();
        await asleep.promise;
        asleep = null;
      }
      await pause(GATHER_MS, closing.signal);
    }
  }

  const running = run();
  return {
    wake: () => asleep?.resolve(),
    acknowledged: () => acknowledged,
    async close() {
      closing.abort();
      asleep?.resolve();
      await running;
    },
  };
}

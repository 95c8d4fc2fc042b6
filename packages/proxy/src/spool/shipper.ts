import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Producer } from "@tollgate/jobs/producer";
import { readChunk } from "./read.ts";
import type { RecentEvents } from "./recent-events.ts";
import type { Segment } from "./segment.ts";

export interface ShipperOptions {
  dir: string;
  /** The id by which the ledger knows this spool. */
  spoolId: () => string;
  /** Gives the spool a new id. Everything is sent again under the new id. */
  rename: () => Promise<void>;
  /** Position up to which the spool can be read. */
  end: () => number;
  /** What was written last; it need not be read from the file. */
  recent: RecentEvents;
  /** True when no call is running, so bytes without an ended request can be skipped. */
  isQuiet: () => boolean;
  producer: Producer;
  /** Position up to which the ledger has ingested this spool, read from Postgres; 0 when the spool is unknown there. */
  readCursor: () => Promise<bigint>;
  /** Called with the position before which the ledger has everything. */
  onAcknowledged: (position: number) => Promise<void>;
  onDamage: (segment: Segment, bytes: number) => void;
  onError: (error: Error) => void;
}

export interface Shipper {
  /** Tells the shipper that records were written. */
  wake(): void;
  /** The last known position up to which the ledger has ingested this spool. */
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
/** Maximum number of batches sent and not yet acknowledged. */
const BATCHES_MAX = 32;
/** Events are collected for this long: a busy spool sends full batches, and a quiet spool still sends soon. */
const GATHER_MS = 40;
const CURSOR_EVERY_MS = 200;
/** While the cursor does not move, because no worker runs or Postgres is slow, it is read less and less often. */
const CURSOR_EVERY_MAX_MS = 1_000;
const RESEND_AFTER_MS = 5_000;
const RESEND_AFTER_MAX_MS = 60_000;
const RETRY_MS = 1_000;
/** Bytes that hold only dispatch records of running calls are skipped in steps of this size. */
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
 * Sends ended requests from the spool to the ledger, at least once. A batch is sent again when the ledger's cursor
 * does not pass it in time and its job is no longer in the queue. All state is in the files and in Postgres.
 */
export function createShipper(options: ShipperOptions): Shipper {
  const { dir, spoolId, rename, end, recent, isQuiet, producer, readCursor, onAcknowledged, onDamage, onError } =
    options;
  const closing = new AbortController();
  let acknowledged = 0;
  let next = 0;
  let inFlight: Batch[] = [];
  let asleep: PromiseWithResolvers<void> | null = null;

  /** The ended requests of the next chunk that contains at least one. */
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

  function fromMemory(from: number): Payload | null {
    const taken = recent.take(from, BATCH_EVENTS_MAX);
    return taken && { spoolId: spoolId(), from: String(from), to: String(taken.to), events: taken.events };
  }

  async function send(): Promise<void> {
    while (inFlight.length < BATCHES_MAX && next < end() && !closing.signal.aborted) {
      const payload = fromMemory(next) ?? (await gather(next, end()));
      const to = Number(payload.to);
      if (payload.events.length === 0 && to - next < IDLE_BYTES_MAX && !isQuiet()) return;
      const jobId = await producer.enqueue("usage.ingest", payload);
      inFlight.push({ from: next, to, jobId, sentAtMs: performance.now(), sendings: 1 });
      next = to;
    }
    if (next === end()) recent.caughtUp(next);
  }

  async function resend(batch: Batch): Promise<void> {
    const patienceMs = Math.min(RESEND_AFTER_MS * 2 ** (batch.sendings - 1), RESEND_AFTER_MAX_MS);
    if (performance.now() - batch.sentAtMs < patienceMs) return;
    // While no worker takes jobs, another copy would only make the queue longer.
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
    // The database was restored from a backup. Records that it lost are sent again, if the files still have them.
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
    // Files were restored or lost, so the ledger's cursor does not match their positions. The ledger deduplicates
    // events by id, so sending an event twice does no harm.
    if (Number(await readCursor()) > end()) await rename();
    next = Number(await readCursor());
  }

  async function run(): Promise<void> {
    let started = false;
    let askedAtMs = 0;
    let askEveryMs = CURSOR_EVERY_MS;
    while (!closing.signal.aborted) {
      const seen = end();
      try {
        if (!started || (inFlight.length > 0 && performance.now() - askedAtMs >= askEveryMs)) {
          if (!started) await begin();
          started = true;
          const before = acknowledged;
          await acknowledge();
          askEveryMs = acknowledged === before ? Math.min(1.5 * askEveryMs, CURSOR_EVERY_MAX_MS) : CURSOR_EVERY_MS;
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

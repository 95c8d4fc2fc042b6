import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Uuid } from "@tollgate/contracts/ids";
import { eventOfText, eventText, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { Producer } from "@tollgate/jobs/producer";
import { ShortLivedMap } from "@tollgate/limits/short-lived-map";
import type { Spool } from "../ports.ts";
import { adoptOthers } from "./adopt.ts";
import { type Claimed, claimAny } from "./claim.ts";
import type { Frame } from "./frame.ts";
import { type LogOptions, openLog } from "./log.ts";
import { nameSpool, spoolName } from "./name.ts";
import { readFrames, readFramesNow } from "./read.ts";
import { RecentEvents } from "./recent-events.ts";
import { recoverSpool } from "./recover.ts";
import { listSegments, type Segment } from "./segment.ts";
import { createShipper } from "./shipper.ts";
import type { SpoolStatus } from "./status.ts";
import { segmentAges, WrittenAges } from "./written-ages.ts";

export interface SpoolOptions extends Pick<LogOptions, "segmentBytes" | "reserveBytes" | "backlogBytesMax"> {
  /** Parent folder with one directory per spool. This process claims a free one or creates one. */
  dir: string;
  producer: Producer;
  /** Position up to which the ledger has ingested a spool; 0 when the spool is unknown there. */
  readCursor: (spoolId: Uuid) => Promise<bigint>;
  onError: (error: Error) => void;
  /** Called when the spool of a process that has exited is opened, before it is shipped and removed. */
  onAdopting?: (spool: OpenSpool) => Promise<void>;
  /** Called when the ledger has every record of an adopted spool. */
  onAdopted?: () => void;
  /** Milliseconds that a segment or an adopted spool is kept after the ledger has it; default 30,000. */
  keptMs?: number;
  /** Called just before an adopted spool is removed. */
  onRemoving?: (spool: OpenSpool) => void;
  now: () => number;
}

export interface OpenSpool extends Spool {
  status(): SpoolStatus;
  /**
   * Visits every ended request in the files from position `from`, oldest first. Then calls `last` in the same turn of
   * the event loop as the newest visit, so no request can end in between.
   */
  visitEnded(from: number, visit: (event: UsageEvent, position: number) => void, last: () => void): Promise<void>;
  /** Stops sending. The next process that claims this spool sends what the ledger has not confirmed. */
  close(): Promise<void>;
}

const QUARANTINE = "quarantine";
const KEPT_MS = 30_000;

interface ClaimedSpool extends OpenSpool {
  discard(): Promise<void>;
}

/** Opens a claimed directory: ends the requests that its last process left open, then ships continuously. */
async function openClaimed({ dir, claim }: Claimed, options: SpoolOptions): Promise<ClaimedSpool> {
  const { producer, readCursor, onError, keptMs = KEPT_MS, now } = options;
  let spoolId = await spoolName(dir, now());
  const open = new ShortLivedMap<string, number>();
  const damaged = new Map<number, number>();
  const passed: { position: number; atMs: number }[] = [];
  const recent = new RecentEvents();
  const ages = new WrittenAges(await segmentAges(dir));
  let wake = (): void => {};

  const log = await openLog({
    ...options,
    dir,
    onWritten(records, start) {
      let position = start;
      for (const { kind, id, bytes } of records) {
        // A further attempt dispatches a call again, and its last record counts. The map keeps the oldest position
        // first.
        open.delete(id);
        if (kind === "D") open.set(id, position);
        position += bytes;
      }
      recent.written(records, start);
      ages.written(start, now());
      wake();
    },
  });
  const interrupted = await recoverSpool(dir, log);

  /** Moves a damaged segment to the quarantine folder, which is beside the spools and is kept when they are removed. */
  async function moveToQuarantine({ file }: Segment): Promise<void> {
    const quarantine = path.join(path.dirname(dir), QUARANTINE);
    await mkdir(quarantine, { recursive: true, mode: 0o700 });
    await rename(file, path.join(quarantine, `${path.basename(dir)}-${path.basename(file)}`));
  }

  const retire = (segment: Segment): Promise<void> =>
    damaged.delete(segment.base) ? moveToQuarantine(segment) : rm(segment.file);

  /**
   * Removes segments that the ledger has and in which no running call was dispatched. They are kept `keptMs` longer,
   * so that a process that read the cursor a moment earlier can still read what lies beyond it.
   */
  async function retireBefore(position: number): Promise<void> {
    const atMs = performance.now();
    if (passed.at(-1)?.position !== position) passed.push({ position, atMs });
    while (passed[1] && passed[1].atMs < atMs - keptMs) passed.shift();
    const long = passed[0] && passed[0].atMs < atMs - keptMs ? passed[0].position : 0;
    const oldestOpen = open.values().next().value ?? Number.POSITIVE_INFINITY;
    const segments = await listSegments(dir);
    for (const segment of segments.slice(0, -1))
      if (segment.base + segment.size <= Math.min(long, oldestOpen)) await retire(segment);
  }

  const shipper = createShipper({
    dir,
    spoolId: () => spoolId,
    async rename() {
      spoolId = await nameSpool(dir, now());
    },
    end: log.end,
    recent,
    isQuiet: () => open.size === 0,
    producer,
    readCursor: () => readCursor(spoolId),
    onAcknowledged: retireBefore,
    onDamage: (segment, bytes) => damaged.set(segment.base, bytes),
    onError,
  });
  wake = shipper.wake;

  async function end(): Promise<void> {
    await log.close();
    await shipper.close();
  }

  return {
    dispatched: ({ id, text }) => log.offer({ kind: "D", id, text }),
    settled: (event) => log.append({ kind: "S", id: event.id, text: eventText(event) }),
    healthy: log.healthy,
    status: () => ({
      spoolId,
      isHealthy: log.healthy(),
      writtenBytes: log.end(),
      unacknowledgedBytes: log.end() - shipper.acknowledged(),
      oldestAtMs: log.end() > shipper.acknowledged() ? ages.oldestAtMs(shipper.acknowledged()) : null,
      open: open.size,
      interrupted,
      damagedBytes: [...damaged.values()].reduce((sum, bytes) => sum + bytes, 0),
      lostRecords: log.lost(),
    }),
    async visitEnded(from, visit, last) {
      const visitFrame = ({ kind, start, payload }: Frame): void => {
        if (kind === "S") visit(eventOfText(payload.toString()) as UsageEvent, start);
      };
      const end = log.end();
      for await (const frame of readFrames(dir, from, () => end)) visitFrame(frame);
      // At the start of a turn, every call whose event is in the file has also settled its limits.
      await new Promise((resolve) => setImmediate(resolve));
      for (const frame of readFramesNow(dir, Math.max(from, end))) visitFrame(frame);
      last();
    },
    async close() {
      await end();
      await claim.release();
    },
    async discard() {
      await end();
      for (const segment of await listSegments(dir)) if (damaged.has(segment.base)) await moveToQuarantine(segment);
      await claim.discard();
    },
  };
}

/**
 * Claims a free spool or creates one. Also adopts the spools of processes that have exited: each is shipped to its
 * end and removed.
 */
export async function openSpool(options: SpoolOptions): Promise<OpenSpool> {
  const claimed = await claimAny(options.dir, options.now());
  const spool = await openClaimed(claimed, options);
  const adoption = adoptOthers<ClaimedSpool>({
    dir: options.dir,
    async open(other) {
      const opened = await openClaimed(other, options);
      await options.onAdopting?.(opened);
      return opened;
    },
    onAdopted: options.onAdopted ?? (() => {}),
    onRemoving: options.onRemoving ?? (() => {}),
    onError: options.onError,
    keptMs: options.keptMs ?? KEPT_MS,
  });
  return {
    ...spool,
    async close() {
      await adoption.close();
      await spool.close();
    },
  };
}

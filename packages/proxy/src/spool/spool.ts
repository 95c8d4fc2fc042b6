import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Uuid } from "@tollgate/contracts/ids";
import { eventOfText, eventText, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { Producer } from "@tollgate/jobs/producer";
import { ShortLivedMap } from "@tollgate/limits/short-lived-map";
import type { Spool } from "../ports.ts";
import { adoptOthers } from "./adopt.ts";
import { type Claimed, claimAny } from "./claim.ts";
import { encodeFrame, type Frame, type FrameKind } from "./frame.ts";
import { type LogOptions, openLog } from "./log.ts";
import { nameSpool, spoolName } from "./name.ts";
import { readFrames, readFramesNow } from "./read.ts";
import { recoverSpool } from "./recover.ts";
import { listSegments, type Segment } from "./segment.ts";
import { createShipper } from "./shipper.ts";
import type { SpoolStatus } from "./status.ts";
import { segmentAges, WrittenAges } from "./written-ages.ts";

export interface SpoolOptions extends Pick<LogOptions, "segmentBytes" | "reserveBytes" | "backlogBytesMax"> {
  /** Holds one directory per spool; this process takes a free one, or makes one. */
  dir: string;
  producer: Producer;
  /** How far the ledger has taken in a spool; 0 when it knows nothing of it. */
  readCursor: (spoolId: Uuid) => Promise<bigint>;
  onError: (error: Error) => void;
  /** A spool that another process left behind was opened; it is shipped and removed after this. */
  onAdopting?: (spool: OpenSpool) => Promise<void>;
  /** The ledger has everything of it. */
  onAdopted?: () => void;
  /** Milliseconds a segment, or an adopted spool, outlives its arrival in the ledger; default 30,000. */
  keptMs?: number;
  /** It is about to be removed. */
  onRemoving?: (spool: OpenSpool) => void;
  now: () => number;
}

export interface OpenSpool extends Spool {
  status(): SpoolStatus;
  /**
   * Visits every ended request in the files from a position on, oldest first, then calls `last` in the same turn of the
   * event loop as the newest was visited: nothing can have ended in between.
   */
  visitEnded(from: number, visit: (event: UsageEvent, position: number) => void, last: () => void): Promise<void>;
  /** Sends nothing more; what the ledger has not confirmed is sent by the next to take this spool. */
  close(): Promise<void>;
}

const QUARANTINE = "quarantine";
const KEPT_MS = 30_000;

interface ClaimedSpool extends OpenSpool {
  discard(): Promise<void>;
}

/** Opens a directory that this process has claimed: ends what its last owner left open, and ships from then on. */
async function openClaimed({ dir, claim }: Claimed, options: SpoolOptions): Promise<ClaimedSpool> {
  const { producer, readCursor, onError, keptMs = KEPT_MS, now } = options;
  let spoolId = await spoolName(dir, now());
  const open = new ShortLivedMap<string, number>();
  const damaged = new Map<number, number>();
  const passed: { position: number; atMs: number }[] = [];
  const ages = new WrittenAges(await segmentAges(dir));
  let wake = (): void => {};

  const log = await openLog({
    ...options,
    dir,
    onWritten(records, start) {
      let position = start;
      for (const {
        head: { kind, id },
        frame,
      } of records) {
        // A further attempt dispatches a call again; the last record is what counts. The oldest position comes first.
        open.delete(id);
        if (kind === "D") open.set(id, position);
        position += frame.length;
      }
      ages.written(start, now());
      wake();
    },
  });
  const interrupted = await recoverSpool(dir, log);

  /** Beside the spools, where it outlives them. */
  async function setAside({ file }: Segment): Promise<void> {
    const quarantine = path.join(path.dirname(dir), QUARANTINE);
    await mkdir(quarantine, { recursive: true, mode: 0o700 });
    await rename(file, path.join(quarantine, `${path.basename(dir)}-${path.basename(file)}`));
  }

  const retire = (segment: Segment): Promise<void> =>
    damaged.delete(segment.base) ? setAside(segment) : rm(segment.file);

  /**
   * A segment is removed once the ledger has it, no call dispatched in it is still running, and a process that read the
   * cursor a moment ago has had time to read what was beyond it then.
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
    isQuiet: () => open.size === 0,
    producer,
    readCursor: () => readCursor(spoolId),
    onAcknowledged: retireBefore,
    onDamage: (segment, bytes) => damaged.set(segment.base, bytes),
    onError,
  });
  wake = shipper.wake;

  const append = (kind: FrameKind, id: Uuid, event: UsageEvent): Promise<void> =>
    log.append(encodeFrame(kind, id, eventText(event)), { kind, id });

  async function end(): Promise<void> {
    await log.close();
    await shipper.close();
  }

  return {
    dispatched: ({ id, event }) => void append("D", id, event),
    async settled(event) {
      await append("S", event.id, event);
    },
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
      // At the start of a turn no call is half-way between its event in the file and the settling of its limits.
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
      for (const segment of await listSegments(dir)) if (damaged.has(segment.base)) await setAside(segment);
      await claim.discard();
    },
  };
}

/**
 * Takes a free spool or makes one, and looks after those that dead processes left: they are shipped to their end and
 * removed, until somebody claims them.
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

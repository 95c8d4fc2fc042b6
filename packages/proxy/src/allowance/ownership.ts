import { setTimeout as pause } from "node:timers/promises";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import type { Claimed, Leases, Other } from "../directory/leases.ts";
import type { Log } from "../ports.ts";

export interface OwnershipOptions {
  leases: Leases;
  spoolId: Uuid;
  writtenBytes: () => number;
  /** Where the counters are: `memory` or `redis:<id>`. Rejects while this is unknown. */
  store: () => Promise<string>;
  log: Log;
  /** This process has just got the right. Another process may have had it before. */
  onGranted: () => void;
}

/** Whether this process may admit calls under blocking limits. Only one process may, or all that use the same Redis. */
export interface Ownership {
  isOurs(): boolean;
  /** Like `isOurs`, but false while Postgres does not answer, even if calls are still admitted. */
  isConfirmed(): boolean;
  /** Why this process may not; null when it may, or when that is unknown. */
  refusal(): string | null;
  /** Postgres has not answered for more than two seconds. */
  isUnanswered(): boolean;
  /** Resolves after the next claim, whether Postgres answers it or not. */
  changed(): Promise<void>;
  /** Starts to renew the claim regularly, until `close`. */
  start(): void;
  /** Releases the right of a process that has exited. */
  releaseExited(spoolId: Uuid, writtenBytes: number): Promise<void>;
  close(): Promise<void>;
}

const BEAT_MS = 1_000;
/** Retry interval until the first answer, while connections are being opened. */
const FIRST_MS = 100;
/** Time without an answer after which an error is logged. */
const SILENCE_MS = 2_000;
/** How long a grant is valid, counted from the claim. Postgres counts from its answer, which is later. */
const LEASE_MS = 8_000;
/** Refusals to ignore after a Redis was flushed: its proxies learn the new Redis id one after the other. */
const TOLERATED_BEATS = 10;

/**
 * Milliseconds since the call, by the clock that says more. One clock stops while a machine sleeps; the other can be
 * set.
 */
function stopwatch(): () => number {
  const [monotonic, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - monotonic, Date.now() - wall);
}

function refusalOf(store: string, other: Other | null): string {
  if (other === null) return "Another process has taken over the spool of this proxy.";
  const since = other.since.toISOString();
  if (other.isGone)
    return `The usage of the proxy that ran before (since ${since}) is not in the ledger yet. Start this proxy where that proxy's spool is, or wait until a worker has ingested it, at most ten minutes.`;
  const mend = "Set the same REDIS_URL on every proxy, or stop the others.";
  if (store === "memory")
    return other.store === "memory"
      ? `Another proxy counts the limits of this database in its memory, since ${since}. ${mend}`
      : `Other proxies share the limits of this database in Redis, and REDIS_URL is not set on this one. ${mend}`;
  return other.store === "memory"
    ? `A proxy without REDIS_URL counts the limits of this database in its memory, since ${since}. ${mend}`
    : `Other proxies share the limits of this database in another Redis, since ${since}. ${mend}`;
}

export function createOwnership(options: OwnershipOptions): Ownership {
  const { leases, spoolId, writtenBytes, store, log, onGranted } = options;
  const instance = uuidV7(Date.now());
  const closing = new AbortController();
  let isFirst = true;
  /** The missing answer has been logged. */
  let isReported = false;
  /** Time since the first claim without an answer. */
  let silent: (() => number) | null = null;
  let grant: string | null = null;
  let refusal: string | null = null;
  let tolerated = 0;
  /** Time since the last granted claim was sent. */
  let granted: (() => number) | null = null;
  /**
   * Time since the last unanswered claim, in an unbroken series of claims. A pause of this process breaks the series.
   */
  let unanswered: (() => number) | null = null;
  let next = Promise.withResolvers<void>();
  let running: Promise<void> | null = null;

  const isBelievable = (since: (() => number) | null): boolean => since !== null && since() < LEASE_MS;
  const isOurs = (): boolean => refusal === null && (isBelievable(granted) || isBelievable(unanswered));

  function learn(claimed: Claimed, counters: string, asked: () => number): void {
    isFirst = false;
    silent = null;
    const { other } = claimed;
    const isFlush = grant !== null && counters !== "memory" && other !== null && other.store !== "memory";
    if (claimed.grant === null && !(isFlush && tolerated++ < TOLERATED_BEATS)) {
      const reason = refusalOf(counters, other);
      if (reason !== refusal) log.error({ reason }, "this proxy may not admit calls under blocking limits");
      [refusal, grant, granted, unanswered] = [reason, null, null, null];
      return;
    }
    if (refusal !== null || isReported) log.info({}, "this proxy may admit calls under blocking limits");
    [refusal, granted, unanswered, isReported] = [null, asked, null, false];
    if (claimed.grant === null) return;
    tolerated = 0;
    if (claimed.grant === grant) return;
    grant = claimed.grant;
    onGranted();
  }

  /** While Postgres is down, no other process can get the right either. */
  function learnNothing(error: unknown): void {
    const goesOn = isOurs();
    silent ??= stopwatch();
    if (!isReported && silent() > SILENCE_MS) {
      log.error(
        { err: String(error), goesOn },
        goesOn
          ? "Postgres does not answer, so the right to count limits cannot be renewed; calls are still admitted"
          : "Postgres does not answer, so the right to count limits cannot be renewed; calls under blocking limits wait",
      );
      isReported = true;
    }
    unanswered = goesOn ? stopwatch() : null;
  }

  async function beat(): Promise<void> {
    try {
      const counters = await store();
      const asked = stopwatch();
      const claim = { spoolId, instance, isFirst, store: counters, writtenBytes: writtenBytes() };
      learn(await leases.claim(claim), counters, asked);
    } catch (error) {
      learnNothing(error);
    }
    next.resolve();
    next = Promise.withResolvers();
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await beat();
      await pause(isFirst ? FIRST_MS : BEAT_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  return {
    isOurs,
    isConfirmed: () => isOurs() && unanswered === null,
    refusal: () => refusal,
    isUnanswered: () => isReported,
    changed: () => next.promise,
    start() {
      running ??= run();
    },
    releaseExited: (dead, written) => leases.release(dead, null, written),
    async close() {
      closing.abort();
      await running;
      await leases.release(spoolId, instance, writtenBytes()).catch(() => {});
      await leases.close();
    },
  };
}

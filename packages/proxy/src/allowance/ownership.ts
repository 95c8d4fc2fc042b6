import { setTimeout as pause } from "node:timers/promises";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import type { Claimed, Leases, Other } from "../directory/leases.ts";
import type { Log } from "../ports.ts";

export interface OwnershipOptions {
  leases: Leases;
  spoolId: Uuid;
  writtenBytes: () => number;
  /** Where the counters are: `memory` or `redis:<id>`. Rejects while that is not known. */
  store: () => Promise<string>;
  log: Log;
  /** The right is this process's now, and may have been another's until now. */
  onGranted: () => void;
}

/** Whether this process may admit calls under blocking limits: it alone, or all that count in the same Redis. */
export interface Ownership {
  isOurs(): boolean;
  /** False also while Postgres does not answer and calls are still admitted. */
  isConfirmed(): boolean;
  /** Why not; null: it may, or nobody knows. */
  refusal(): string | null;
  /** No answer came to the last claim. */
  isUnanswered(): boolean;
  /** Resolves with the next answer, or with its absence. */
  changed(): Promise<void>;
  /** Claims until `close`. */
  start(): void;
  /** The process that had this spool is dead. */
  buried(spoolId: Uuid, writtenBytes: number): Promise<void>;
  close(): Promise<void>;
}

const BEAT_MS = 1_000;
/** Between tries until the first answer: connections are being made. */
const FIRST_MS = 100;
/** After so long without an answer the operator is told. */
const SILENCE_MS = 2_000;
/** How long after asking a grant is believed in; Postgres counts the same from its answer, which is later. */
const LEASE_MS = 8_000;
/** Proxies on one Redis that was flushed learn its new id one after the other. */
const TOLERATED_BEATS = 10;

/** Milliseconds since now, by whichever clock says more: one stands still while a machine sleeps, the other can be set. */
function stopwatch(): () => number {
  const [monotonic, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - monotonic, Date.now() - wall);
}

function refusalOf(store: string, other: Other | null): string {
  if (other === null) return "Another process has taken over the spool of this proxy.";
  const since = other.since.toISOString();
  if (other.isGone)
    return `The usage of the proxy that ran before (since ${since}) is not in the ledger yet. Start this proxy where that proxy's spool is, or wait until a worker has taken it in, at most ten minutes.`;
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
  /** The operator was told that no answer comes. */
  let isReported = false;
  /** Since the first of the claims without an answer. */
  let silent: (() => number) | null = null;
  let grant: string | null = null;
  let refusal: string | null = null;
  let tolerated = 0;
  /** Since the last granted claim was asked for. */
  let granted: (() => number) | null = null;
  /** Since the last claim that Postgres did not answer, in an unbroken row of them. A pause of this process breaks it. */
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

  /** While Postgres is away nobody else can be granted the right either. */
  function learnNothing(error: unknown): void {
    const goesOn = isOurs();
    silent ??= stopwatch();
    if (!isReported && silent() > SILENCE_MS) {
      log.error(
        { err: String(error), goesOn },
        "it cannot be confirmed that no other proxy counts these limits elsewhere",
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
    buried: (dead, written) => leases.release(dead, null, written),
    async close() {
      closing.abort();
      await running;
      await leases.release(spoolId, instance, writtenBytes()).catch(() => {});
      await leases.close();
    },
  };
}

import { Outcomes } from "./outcomes.ts";

/** Health of targets, by id. */
export interface Health {
  /** False while its breaker is open, and while the provider has asked to wait. */
  admits(id: string): boolean;
  /**
   * False while the provider has asked to wait, except that one call a minute may try it. A target that only fails may be
   * tried if there is no better one.
   */
  mayBeTried(id: string): boolean;
  /** Records the start of an attempt. A half-open breaker admits the next one only after a rest. */
  tries(id: string): void;
  /** An answer is complete. `keyId`: the key of the call. */
  succeeded(id: string, keyId: string): void;
  /** The provider failed, before or within an answer. */
  failed(id: string, keyId: string): void;
  /** The provider has asked to wait. */
  rest(id: string, restMs: number): void;
  /** Milliseconds until the first of these ids may be tried. */
  restsForMs(ids: readonly string[]): number;
  /** The ids whose breaker is open or half-open, or whose provider has asked to wait. */
  resting(): Resting[];
  /** Another process has opened a breaker, or closed it (0). */
  hear(id: string, restMs: number): void;
}

export interface Resting {
  id: string;
  /** Milliseconds; 0 when half-open: the next call tries it. */
  restsForMs: number;
}

interface Standing {
  outcomes: Outcomes;
  /** Of the breaker; `NEVER` when it is closed. */
  restsUntilMs: number;
  /** How long the breaker rests when it opens next. */
  nextRestMs: number;
  isProbed: boolean;
  /** The provider has asked to wait until then. */
  waitsUntilMs: number;
  /** Within this time: when a call may try it, if there is no better target. */
  probedFromMs: number;
  isWaitProbed: boolean;
}

export interface BreakerOptions {
  /** Minimum number of failures before a breaker opens. */
  failuresMin: number;
  /** The first rest. Each failed probe doubles it, up to `restMsMax`. */
  restMs: number;
  restMsMax?: number;
  /** Monotonic time in milliseconds; default `performance.now`. */
  monotonic?: () => number;
  /** This process has opened a breaker for so long, or closed it (0). */
  onChange?: (id: string, restMs: number) => void;
}

/** The wait that one key's call has caused may not concern the calls of others. */
const WAIT_PROBE_MS = 60_000;
const FAILING_SHARE = 0.5;
const NEVER = Number.NEGATIVE_INFINITY;
/** More standings than this are searched for old ones when another is added. */
const STANDINGS_MAX = 5_000;

/**
 * One circuit breaker per target. It opens when at least half of the last outcomes are failures. After a rest it is
 * half-open: one call in each rest probes the target, until one gets a complete answer. Failures of a single key do not
 * open it while other keys are served, because they may be the fault of what this key sends.
 */
export function openBreaker(options: BreakerOptions): Health {
  const { failuresMin, restMs, restMsMax = 6 * restMs, monotonic = () => performance.now(), onChange } = options;
  const standings = new Map<string, Standing>();

  const standingOf = (id: string): Standing => {
    const known = standings.get(id);
    if (known) return known;
    if (standings.size >= STANDINGS_MAX) forgetIdle();
    const standing = {
      outcomes: new Outcomes(),
      restsUntilMs: NEVER,
      nextRestMs: restMs,
      isProbed: false,
      waitsUntilMs: NEVER,
      probedFromMs: NEVER,
      isWaitProbed: false,
    };
    standings.set(id, standing);
    return standing;
  };
  const forgetIdle = (): void => {
    const at = monotonic();
    for (const [id, { outcomes, restsUntilMs, waitsUntilMs }] of standings)
      if (restsUntilMs === NEVER && waitsUntilMs <= at && outcomes.areOld(at)) standings.delete(id);
  };
  const open = (id: string, standing: Standing): void => {
    const ms = standing.nextRestMs;
    standing.restsUntilMs = monotonic() + ms;
    standing.nextRestMs = Math.min(ms * 2, restMsMax);
    standing.isProbed = false;
    onChange?.(id, ms);
  };
  const close = (standing: Standing): void => {
    standing.outcomes.clear();
    standing.restsUntilMs = NEVER;
    standing.nextRestMs = restMs;
    standing.isProbed = false;
  };

  const nextTryMs = (standing: Standing | undefined): number =>
    standing ? Math.min(standing.waitsUntilMs, standing.probedFromMs) : NEVER;
  const endWait = (standing: Standing): void => {
    standing.waitsUntilMs = NEVER;
    standing.probedFromMs = NEVER;
    standing.isWaitProbed = false;
  };

  return {
    admits(id) {
      const standing = standings.get(id);
      if (!standing || (standing.restsUntilMs === NEVER && standing.waitsUntilMs === NEVER)) return true;
      const at = monotonic();
      return at >= standing.restsUntilMs && at >= standing.waitsUntilMs;
    },
    mayBeTried: (id) => monotonic() >= nextTryMs(standings.get(id)),
    tries(id) {
      const standing = standings.get(id);
      if (!standing) return;
      const at = monotonic();
      if (at < standing.waitsUntilMs && at >= standing.probedFromMs) {
        standing.isWaitProbed = true;
        standing.probedFromMs = at + WAIT_PROBE_MS;
      }
      if (standing.restsUntilMs === NEVER) return;
      if (at < standing.restsUntilMs) return;
      // If this probe never reports back, another one may start after the same rest.
      standing.isProbed = true;
      standing.restsUntilMs = at + Math.max(restMs, standing.nextRestMs / 2);
    },
    succeeded(id, keyId) {
      const standing = standingOf(id);
      standing.outcomes.add(keyId, false, monotonic());
      if (standing.isWaitProbed) endWait(standing);
      if (!standing.isProbed) return;
      close(standing);
      onChange?.(id, 0);
    },
    failed(id, keyId) {
      const standing = standingOf(id);
      const at = monotonic();
      standing.outcomes.add(keyId, true, at);
      // Calls that had started before the breaker opened do not prolong its rest.
      if (standing.restsUntilMs !== NEVER && !standing.isProbed) return;
      if (standing.isProbed || standing.outcomes.areFailing(failuresMin, FAILING_SHARE, at)) open(id, standing);
    },
    rest(id, ms) {
      const standing = standingOf(id);
      const at = monotonic();
      standing.waitsUntilMs = Math.max(standing.waitsUntilMs, at + ms);
      standing.probedFromMs = Math.max(standing.probedFromMs, at + Math.min(ms, WAIT_PROBE_MS));
      standing.isWaitProbed = false;
    },
    restsForMs(ids) {
      const at = monotonic();
      const waits = ids.map((id) => Math.max(0, nextTryMs(standings.get(id)) - at));
      return waits.length === 0 ? 0 : Math.min(...waits);
    },
    resting() {
      const at = monotonic();
      return [...standings].flatMap(([id, { restsUntilMs, waitsUntilMs }]) =>
        restsUntilMs > NEVER || waitsUntilMs > at
          ? [{ id, restsForMs: Math.max(0, restsUntilMs - at, waitsUntilMs - at) }]
          : [],
      );
    },
    hear(id, ms) {
      const standing = standingOf(id);
      if (ms === 0) close(standing);
      else if (standing.restsUntilMs < monotonic() + ms) {
        standing.restsUntilMs = monotonic() + ms;
        standing.isProbed = false;
      }
    },
  };
}

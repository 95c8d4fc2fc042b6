/** Health of targets and credentials, by id. */
export interface Health {
  /** False while its breaker is open. */
  admits(id: string): boolean;
  /** Records the start of an attempt. When half-open, only one attempt is admitted until its first byte. */
  tries(id: string): void;
  /** The answer has begun: the breaker closes, but the attempt does not count as a success yet. */
  answers(id: string): void;
  /** The answer is complete. */
  succeeded(id: string): void;
  failed(id: string): void;
  /** Opens the breaker at once: the provider refused the credential, or sent a retry delay. */
  rest(id: string, restMs: number): void;
  /** Milliseconds until the first of these ids may be tried. */
  restsForMs(ids: readonly string[]): number;
  /** The ids whose breaker is open or half-open. */
  resting(): Resting[];
}

export interface Resting {
  id: string;
  /** Milliseconds; 0 when half-open: the next call tries it. */
  restsForMs: number;
}

interface Standing {
  /** The last outcomes, oldest first: true is a success. */
  outcomes: boolean[];
  restsUntilMs: number;
}

export interface BreakerOptions {
  /** Minimum number of failures before a breaker opens. */
  failuresMax: number;
  restMs: number;
  /** Monotonic time in milliseconds; default `performance.now`. */
  monotonic?: () => number;
}

const OUTCOMES_KEPT = 20;
/** A target that answers some calls is better than none, so a breaker opens only when nearly all calls fail. */
const FAILING_SHARE = 0.9;

/**
 * One circuit breaker per target. It opens for `restMs` when nearly all of the last calls have failed, is half-open
 * for one trial, and closes when the trial is answered. Targets without failures use no memory.
 */
export function openBreaker({ failuresMax, restMs, monotonic = () => performance.now() }: BreakerOptions): Health {
  const standings = new Map<string, Standing>();

  const standingOf = (id: string): Standing => {
    const standing = standings.get(id) ?? { outcomes: [], restsUntilMs: Number.NEGATIVE_INFINITY };
    standings.set(id, standing);
    return standing;
  };
  const pause = (standing: Standing, ms: number): void => {
    standing.restsUntilMs = Math.max(standing.restsUntilMs, monotonic() + ms);
  };
  const note = (standing: Standing, isSuccess: boolean): void => {
    standing.outcomes.push(isSuccess);
    if (standing.outcomes.length > OUTCOMES_KEPT) standing.outcomes.shift();
  };
  const failures = ({ outcomes }: Standing): number => outcomes.filter((isSuccess) => !isSuccess).length;
  const restsUntil = (id: string): number => standings.get(id)?.restsUntilMs ?? Number.NEGATIVE_INFINITY;

  return {
    admits: (id) => monotonic() >= restsUntil(id),
    tries(id) {
      const standing = standings.get(id);
      // If this trial never reports back, another one may start after `restMs`.
      if (standing && standing.restsUntilMs > Number.NEGATIVE_INFINITY) standing.restsUntilMs = monotonic() + restMs;
    },
    answers(id) {
      const standing = standings.get(id);
      if (standing) standing.restsUntilMs = Number.NEGATIVE_INFINITY;
    },
    succeeded(id) {
      const standing = standings.get(id);
      if (!standing) return;
      standing.restsUntilMs = Number.NEGATIVE_INFINITY;
      note(standing, true);
      if (failures(standing) === 0) standings.delete(id);
    },
    failed(id) {
      const standing = standingOf(id);
      note(standing, false);
      const failed = failures(standing);
      if (failed >= failuresMax && failed >= FAILING_SHARE * standing.outcomes.length) pause(standing, restMs);
    },
    rest(id, ms) {
      pause(standingOf(id), ms);
    },
    restsForMs(ids) {
      const waits = ids.map((id) => Math.max(0, restsUntil(id) - monotonic()));
      return waits.length === 0 ? 0 : Math.min(...waits);
    },
    resting() {
      const at = monotonic();
      return [...standings].flatMap(([id, { restsUntilMs }]) =>
        restsUntilMs > Number.NEGATIVE_INFINITY ? [{ id, restsForMs: Math.max(0, restsUntilMs - at) }] : [],
      );
    },
  };
}

/** Which targets and credentials are worth trying, by id. */
export interface Health {
  /** False while it rests. */
  admits(id: string): boolean;
  /** Marks an attempt. After a rest only one may try; the others wait for its first byte. */
  tries(id: string): void;
  /** Its answer begins: it is there again, but it has not succeeded yet. */
  answers(id: string): void;
  /** Its answer is complete. */
  succeeded(id: string): void;
  failed(id: string): void;
  /** Rests now, whatever its record: a provider refused the credential, or named its own pause. */
  rest(id: string, restMs: number): void;
  /** Milliseconds until the first of these may be tried. */
  restsForMs(ids: readonly string[]): number;
  /** Those that rest or wait for a trial. */
  resting(): Resting[];
}

export interface Resting {
  id: string;
  /** 0: its rest is over and the next call tries it. */
  restsForMs: number;
}

interface Standing {
  /** The last outcomes, oldest first: true is a success. */
  outcomes: boolean[];
  restsUntilMs: number;
}

export interface BreakerOptions {
  /** Failures before it rests, at least. */
  failuresMax: number;
  restMs: number;
  /** Milliseconds that no change of the machine's clock alters; default `performance.now`. */
  monotonic?: () => number;
}

const OUTCOMES_KEPT = 20;
/** A target that answers some calls is better than none: only one that fails nearly all of them rests. */
const FAILING_SHARE = 0.9;

/**
 * A circuit breaker a target: closed; open for `restMs` once nearly all of its last calls have failed; half-open for one
 * trial; closed again when that is answered. Targets that only succeed cost nothing here.
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
      // Should this trial never report back, another may start after one more rest.
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

/** Which targets and credentials are worth trying, by id. */
export interface Health {
  /** False while it rests. */
  admits(id: string): boolean;
  /** Marks an attempt. After a rest only one may try; the others wait for how that went. */
  tries(id: string): void;
  succeeded(id: string): void;
  failed(id: string): void;
  /** Rests now, whatever its record: a provider refused the credential, or named its own pause. */
  rest(id: string, restMs: number): void;
  /** Milliseconds until the first of these may be tried. */
  restsForMs(ids: readonly string[]): number;
}

interface Standing {
  failures: number;
  restsUntilMs: number;
}

export interface BreakerOptions {
  /** Failures in a row before it rests. */
  failuresMax: number;
  restMs: number;
  /** Epoch ms. */
  now: () => number;
}

/** A circuit breaker a target: closed, open for `restMs`, half-open for one trial, closed again by its success. */
export function openBreaker({ failuresMax, restMs, now }: BreakerOptions): Health {
  const standings = new Map<string, Standing>();

  const standingOf = (id: string): Standing => {
    const standing = standings.get(id) ?? { failures: 0, restsUntilMs: 0 };
    standings.set(id, standing);
    return standing;
  };
  const pause = (standing: Standing, ms: number): void => {
    standing.restsUntilMs = Math.max(standing.restsUntilMs, now() + ms);
  };

  return {
    admits(id) {
      return now() >= (standings.get(id)?.restsUntilMs ?? 0);
    },
    tries(id) {
      const standing = standings.get(id);
      // Should this trial never report back, another may start after one more rest.
      if (standing && standing.restsUntilMs > 0) standing.restsUntilMs = now() + restMs;
    },
    succeeded(id) {
      standings.delete(id);
    },
    failed(id) {
      const standing = standingOf(id);
      standing.failures += 1;
      if (standing.failures >= failuresMax) pause(standing, restMs);
    },
    rest(id, ms) {
      pause(standingOf(id), ms);
    },
    restsForMs(ids) {
      const waits = ids.map((id) => Math.max(0, (standings.get(id)?.restsUntilMs ?? 0) - now()));
      return waits.length === 0 ? 0 : Math.min(...waits);
    },
  };
}

import type { Log } from "../ports.ts";
import type { PolicyAge } from "./freshness.ts";

export interface WatchAgeOptions {
  age: () => PolicyAge;
  staleAfterMs: number;
  log: Log;
  /** Called while policy is stale, as often as it is logged. */
  onStale: (oldest: PolicyAge["oldest"]) => void;
}

/** Ticks between two lines about the same trouble. */
const REPEAT_TICKS = 12;
/** Organisations a log line names. */
const NAMED_MAX = 10;

/** To be called now and then: logs once when policy becomes stale, again while it stays so, and once when it is current. */
export function watchAge({ age, staleAfterMs, log, onStale }: WatchAgeOptions): () => void {
  let staleTicks = 0;
  return () => {
    const { ageMs, stale, oldest } = age();
    if (ageMs < staleAfterMs) {
      if (staleTicks > 0) log.info({}, "policy is current again");
      staleTicks = 0;
      return;
    }
    if (staleTicks % REPEAT_TICKS === 0) {
      const organisations = oldest.slice(0, NAMED_MAX).map(({ orgId }) => orgId);
      // Infinite before the first reading.
      const seconds = Number.isFinite(ageMs) ? Math.round(ageMs / 1000) : null;
      log.error({ ageSeconds: seconds, stale, organisations }, "policy is stale: changes do not reach this proxy");
      onStale(oldest);
    }
    staleTicks += 1;
  };
}

import type { PauseReason } from "@tollgate/contracts/credential-pause";

/** Credentials that their provider refuses, or whose account has no money left. All targets with one are paused. */
export interface Pauses {
  isPaused(credentialId: string): boolean;
  /** `forMs`: how long the provider says that it lasts; null: unknown. A credential that is paused already stays as it is. */
  pause(orgId: string, credentialId: string, reason: PauseReason, forMs: number | null): void;
  /** The credential works. */
  resume(credentialId: string): void;
}

export interface Pause {
  orgId: string;
  credentialId: string;
  reason: PauseReason;
  forMs: number;
}

export interface PausesOptions {
  /** Monotonic milliseconds; default `performance.now`. */
  monotonic?: () => number;
  onPause?: (pause: Pause) => void;
}

interface Paused {
  untilMs: number;
  nextMs: number;
}

/** Pauses of unknown length: the first one, and the longest. Each one that follows is twice as long. */
const FIRST_MS: Readonly<Record<PauseReason, number>> = { refused: 60_000, spend_cap: 300_000 };
const UNKNOWN_MS_MAX = 1_800_000;
const KNOWN_MS_MAX = 32 * 86_400_000;
const PAUSED_MAX = 10_000;

export function openPauses({ monotonic = () => performance.now(), onPause }: PausesOptions = {}): Pauses {
  const paused = new Map<string, Paused>();
  return {
    isPaused(credentialId) {
      if (paused.size === 0) return false;
      return (paused.get(credentialId)?.untilMs ?? Number.NEGATIVE_INFINITY) > monotonic();
    },
    pause(orgId, credentialId, reason, asked) {
      const before = paused.get(credentialId);
      const at = monotonic();
      if (before && before.untilMs > at) return;
      const forMs = asked === null ? (before?.nextMs ?? FIRST_MS[reason]) : Math.min(asked, KNOWN_MS_MAX);
      if (paused.size >= PAUSED_MAX) paused.clear();
      paused.set(credentialId, { untilMs: at + forMs, nextMs: Math.min(2 * forMs, UNKNOWN_MS_MAX) });
      onPause?.({ orgId, credentialId, reason, forMs });
    },
    resume: (credentialId) => void (paused.size > 0 && paused.delete(credentialId)),
  };
}

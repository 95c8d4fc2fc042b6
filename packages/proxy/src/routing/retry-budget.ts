/** Bounds the retries at each target, so that a provider in trouble gets hardly more calls than callers make. */
export interface RetryBudget {
  /** A call goes to this target. */
  offered(targetId: string): void;
  /** Whether the call may be sent to it once more. True counts it. */
  takes(targetId: string): boolean;
}

export interface RetryBudgetOptions {
  /** Monotonic milliseconds; default `performance.now`. */
  monotonic?: () => number;
}

/** In any 10 s: at most one retry for each five calls, and three more. */
const SHARE = 0.2;
const FREE = 3;
const WINDOW_MS = 10_000;
const SLOTS = 11;
const SLOT_MS = WINDOW_MS / (SLOTS - 1);
/** More targets than this are searched for idle ones when another is added. */
const TARGETS_MAX = 5_000;

interface Counts {
  offered: Uint32Array;
  retried: Uint32Array;
  /** The current slot, counted from the start of the clock. */
  slot: number;
}

export function openRetryBudget({ monotonic = () => performance.now() }: RetryBudgetOptions = {}): RetryBudget {
  const targets = new Map<string, Counts>();
  const forgetIdle = (slot: number): void => {
    for (const [id, counts] of targets) if (slot - counts.slot >= SLOTS) targets.delete(id);
  };
  const countsOf = (targetId: string): Counts => {
    const slot = Math.floor(monotonic() / SLOT_MS);
    let counts = targets.get(targetId);
    if (!counts) {
      if (targets.size >= TARGETS_MAX) forgetIdle(slot);
      counts = { offered: new Uint32Array(SLOTS), retried: new Uint32Array(SLOTS), slot };
      targets.set(targetId, counts);
    }
    // Empties the slots of the time since the last call.
    for (let past = Math.max(counts.slot, slot - SLOTS) + 1; past <= slot; past++) {
      counts.offered[past % SLOTS] = 0;
      counts.retried[past % SLOTS] = 0;
    }
    counts.slot = slot;
    return counts;
  };
  return {
    offered(targetId) {
      const { offered, slot } = countsOf(targetId);
      offered[slot % SLOTS] = (offered[slot % SLOTS] ?? 0) + 1;
    },
    takes(targetId) {
      const { offered, retried, slot } = countsOf(targetId);
      // Retries of eleven slots, calls of ten: the windows that they stand for are at least, and at most, ten seconds long.
      const calls = sum(offered) - (offered[(slot + 1) % SLOTS] ?? 0);
      if (sum(retried) + 1 > SHARE * calls + FREE) return false;
      retried[slot % SLOTS] = (retried[slot % SLOTS] ?? 0) + 1;
      return true;
    },
  };
}

const sum = (slots: Uint32Array): number => slots.reduce((total, each) => total + each, 0);

export interface Silent {
  isServing: boolean;
  /** Milliseconds since an unanswered ping, as counted by {@link countedMs}. */
  silentMs: number;
}

/** How often each process is pinged. */
export const TICK_MS = 200;
/** With one tick before the ping and one after, a stopped process is killed within 2 s. */
export const SERVING_SILENCE_MS = 1_400;
/** A start may block the event loop for long, because it parses a large policy or reads a large spool. */
export const STARTING_SILENCE_MS = 60_000;

/**
 * The part of `elapsedMs` since the last tick that counts as silence. A long gap means that the parent itself did not
 * run, because it or the whole machine was stopped. Its children could not answer during that time.
 */
export const countedMs = (elapsedMs: number): number => Math.min(elapsedMs, 2 * TICK_MS);

/**
 * The processes to replace. While some answer, every silent process is replaced. When no process in service answers,
 * the machine may be the reason: then one process is replaced at a time, the next when its replacement serves.
 */
export function toReplace<P extends Silent>(processes: readonly P[]): P[] {
  const stuck = processes.filter((each) => !each.isServing && each.silentMs >= STARTING_SILENCE_MS);
  const serving = processes.filter(({ isServing }) => isServing);
  const silent = serving.filter(({ silentMs }) => silentMs >= SERVING_SILENCE_MS);
  if (silent.length < serving.length || silent.length === 0) return [...stuck, ...silent];
  const isReplacing = processes.length > serving.length;
  const longest = silent.toSorted((a, b) => b.silentMs - a.silentMs)[0] as P;
  return isReplacing ? stuck : [...stuck, longest];
}

export interface Silent {
  isServing: boolean;
  /** Milliseconds since a ping that was not answered, as counted by {@link countedMs}. */
  silentMs: number;
}

/** How often each process is pinged. */
export const TICK_MS = 200;
/** With one tick before the ping and one after: a stopped process is removed within 2 s. */
export const SERVING_SILENCE_MS = 1_400;
/** A start may hold the event loop for long: a large policy is parsed, a large spool is read. */
export const STARTING_SILENCE_MS = 60_000;

/**
 * The part of `elapsedMs` since the last tick that counts as silence. A long gap means that the parent itself did not
 * run: it was stopped, or the whole machine was. Nobody could answer it then.
 */
export const countedMs = (elapsedMs: number): number => Math.min(elapsedMs, 2 * TICK_MS);

/**
 * The processes to be replaced. While some answer, every silent one is. When no process in service answers, the machine
 * may be the reason: then one is replaced at a time, the next when its replacement serves.
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

import { setTimeout as pause } from "node:timers/promises";

export interface WaitOptions {
  /** Milliseconds until the last failure is thrown. Default 120,000: it ends a test that hangs and asserts nothing about speed. */
  timeoutMs?: number;
  /** Milliseconds between attempts, default 20. */
  everyMs?: number;
}

/** Calls `attempt` until it neither throws nor returns a falsy value. Returns its value. */
export async function waitFor<T>(attempt: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 120_000, everyMs = 20 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const result = await attempt();
      if (result) return result;
      failure = new Error(`the last result was ${String(result)}`);
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) throw new Error(`no success within ${timeoutMs} ms`, { cause: failure });
    await pause(everyMs);
  }
}

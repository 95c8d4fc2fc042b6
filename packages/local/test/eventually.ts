import { setTimeout as pause } from "node:timers/promises";

/** The result of `attempt` once it does not fail. @throws its last error after `withinMs`. */
export async function eventually<T>(attempt: () => T | Promise<T>, withinMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; await pause(50)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

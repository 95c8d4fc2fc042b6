import type { Probe, Script } from "./script.ts";

/** How often a store that did not answer is asked again. */
const PROBE_MS = 250;

/** What ioredis says of a command that was not answered in time. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === "Command timed out";

/** The store does not answer, so it was not even asked: nothing can have happened there. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
}

/**
 * A store that hangs is waited for once. From the first command without an answer on, every command fails at once, those
 * under way too, until the store answers a probe.
 */
export function breaking({ ping, reconnect, ...script }: Script & Probe, onError: (error: Error) => void): Script {
  const underWay = new Set<(error: Error) => void>();
  let isOut = false;
  let timer: NodeJS.Timeout | undefined;

  async function probe(): Promise<void> {
    try {
      await ping();
      isOut = false;
    } catch (error) {
      // The connection itself may be dead.
      if (isTimeout(error)) reconnect();
      timer = setTimeout(() => void probe(), PROBE_MS).unref();
    }
  }

  function open(): void {
    if (isOut) return;
    isOut = true;
    const error = new Error("the limit store did not answer");
    onError(error);
    for (const reject of underWay) reject(error);
    void probe();
  }

  async function within<T>(ask: () => Promise<T>): Promise<T> {
    if (isOut) throw new NotAsked("the limit store does not answer");
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    underWay.add(reject);
    ask().then(resolve, reject);
    try {
      return await promise;
    } catch (error) {
      if (isTimeout(error)) open();
      throw error;
    } finally {
      underWay.delete(reject);
    }
  }

  return {
    run: (...args) => within(() => script.run(...args)),
    read: (...args) => within(() => script.read(...args)),
    beat: (...args) => within(() => script.beat(...args)),
    leave: (...args) => within(() => script.leave(...args)),
    remember: (...args) => within(() => script.remember(...args)),
    remembered: (...args) => within(() => script.remembered(...args)),
    id: () => within(() => script.id()),
    close() {
      clearTimeout(timer);
      script.close();
    },
  };
}

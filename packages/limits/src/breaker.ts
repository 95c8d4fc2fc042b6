import type { Probe, Script } from "./script.ts";

/** Milliseconds after which a command without a reply fails. */
const ANSWER_MS = 1_000;
/** How often the running commands are checked, in milliseconds. */
const WATCH_MS = 100;
/**
 * If a check runs this late, this process was busy or stopped. Replies may have arrived that it has not read yet, so no
 * command fails then.
 */
const STALLED_MS = 500;
/** How often a store that did not answer is probed. */
const PROBE_MS = 250;

/** The command was not sent, because the store does not answer. So it cannot have had an effect. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}

/**
 * Circuit breaker for the limit store. When a command gets no answer in time, all commands under way fail, and further ones
 * fail at once, until the store answers a probe.
 */
export function breaking({ ping, reconnect, ...script }: Script & Probe, onError: (error: Error) => void): Script {
  /** The reject function of each command under way and when it was sent, oldest first. */
  const underWay = new Map<(error: Error) => void, number>();
  let isDown = false;
  let timer: NodeJS.Timeout | undefined;

  async function probe(): Promise<void> {
    let isAnswered = false;
    const patience = setTimeout(() => {
      // The connection itself may be broken.
      if (!isAnswered) reconnect();
    }, ANSWER_MS).unref();
    try {
      await ping();
      isAnswered = true;
      isDown = false;
    } catch {
      timer = setTimeout(() => void probe(), PROBE_MS).unref();
    } finally {
      clearTimeout(patience);
    }
  }

  function open(): void {
    if (isDown) return;
    isDown = true;
    const error = new Error(`the limit store did not answer within ${ANSWER_MS} ms`);
    onError(error);
    for (const reject of underWay.keys()) reject(error);
    void probe();
  }

  let watchedAt = performance.now();
  const watch = setInterval(() => {
    const at = performance.now();
    const isStalled = at - watchedAt > STALLED_MS;
    watchedAt = at;
    const [oldest] = underWay.values();
    if (!isStalled && oldest !== undefined && at - oldest > ANSWER_MS) open();
  }, WATCH_MS).unref();

  async function within<T>(ask: () => Promise<T>): Promise<T> {
    if (isDown) throw new NotSent("the limit store does not answer");
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    underWay.set(reject, performance.now());
    ask().then(resolve, reject);
    try {
      return await promise;
    } finally {
      underWay.delete(reject);
    }
  }

  return {
    run: (...args) => within(() => script.run(...args)),
    beat: (...args) => within(() => script.beat(...args)),
    leave: (...args) => within(() => script.leave(...args)),
    remember: (...args) => within(() => script.remember(...args)),
    remembered: (...args) => within(() => script.remembered(...args)),
    announce: (...args) => within(() => script.announce(...args)),
    announced: (...args) => within(() => script.announced(...args)),
    id: () => within(() => script.id()),
    close() {
      clearInterval(watch);
      clearTimeout(timer);
      script.close();
    },
  };
}

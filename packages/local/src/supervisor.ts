import { setTimeout as pause } from "node:timers/promises";

export type Running = {
  pid: number;
  /** Settles when the process has ended, for whatever reason. */
  ended: Promise<void>;
  stop: () => Promise<void>;
};

export type Supervised = {
  stop: () => Promise<void>;
};

const firstWaitMs = 250;
const lastWaitMs = 10_000;
/** A process that lived this long was well: its next failure starts a new count. */
const settledAfterMs = 30_000;

/**
 * Starts a process and starts it again whenever it dies, each time waiting longer, until it is stopped.
 * @throws when it does not start the first time: that is for a person to see.
 */
export async function supervise(
  name: string,
  start: () => Promise<Running>,
  say: (line: string) => void,
): Promise<Supervised> {
  const stopping = new AbortController();
  let current: Running | undefined = await start();
  const kept = keep();
  return {
    async stop() {
      stopping.abort();
      await current?.stop();
      await kept;
    },
  };

  async function keep(): Promise<void> {
    let waitMs = firstWaitMs;
    while (!stopping.signal.aborted) {
      if (current) {
        const startedAt = Date.now();
        await current.ended;
        current = undefined;
        if (stopping.signal.aborted) return;
        if (Date.now() - startedAt > settledAfterMs) waitMs = firstWaitMs;
        say(`${name} ended; starting it again`);
      }
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, lastWaitMs);
      if (stopping.signal.aborted) return;
      try {
        current = await start();
        say(`${name} is back`);
        if (stopping.signal.aborted) await current.stop();
      } catch (error) {
        say(
          `${name} does not start (${(error as Error).message.split("\n", 1)[0]}); trying again in ${waitMs / 1000} s`,
        );
      }
    }
  }
}

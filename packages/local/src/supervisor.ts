import { setTimeout as pause } from "node:timers/promises";

export type Running = {
  pid: number;
  /** Resolves when the process has ended for any reason. */
  ended: Promise<void>;
  stop: () => Promise<void>;
};

/** State of a process, for `ready.json`. */
export type ProcessState = {
  isUp: boolean;
  /** Number of restarts. */
  restarts: number;
  /** Whether it repeatedly ends soon after its start. */
  isFailing: boolean;
};

export type Supervised = {
  state: () => ProcessState;
  stop: () => Promise<void>;
};

export type SuperviseOptions = {
  say: (line: string) => void;
  /** Called when the state has changed. */
  onChange?: () => void;
  /** Monotonic time in milliseconds. Default: that of this process. */
  now?: () => number;
};

const firstWaitMs = 250;
const lastWaitMs = 30_000;
/** A process that ran this long was healthy: its next end starts a new count. */
const settledAfterMs = 60_000;
/** Consecutive early ends after which a process counts as failing. */
const failingEnds = 3;

/**
 * Starts a process and restarts it when it ends, after an increasing delay, until it is stopped.
 * @throws if the first start fails: the user has to see that.
 */
export async function supervise(
  name: string,
  start: () => Promise<Running>,
  { say, onChange = () => {}, now = () => performance.now() }: SuperviseOptions,
): Promise<Supervised> {
  const stopping = new AbortController();
  let current: Running | undefined = await start();
  let startedAt = now();
  let restarts = 0;
  /** Consecutive early ends. */
  let ends = 0;
  const kept = keep();
  return {
    state: () => ({ isUp: current !== undefined, restarts, isFailing: isFailing() }),
    async stop() {
      stopping.abort();
      await current?.stop();
      await kept;
    },
  };

  function isFailing(): boolean {
    return ends >= failingEnds && !(current && now() - startedAt > settledAfterMs);
  }

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (current) {
        await current.ended;
        current = undefined;
        if (stopping.signal.aborted) return;
        ends = now() - startedAt > settledAfterMs ? 1 : ends + 1;
        say(`${name} ended${isFailing() ? ` ${ends} times in a row` : ""}; starting it again${afterwards()}`);
        onChange();
      }
      await pause(waitMs(), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await startAgain();
    }
  }

  async function startAgain(): Promise<void> {
    try {
      current = await start();
      startedAt = now();
      restarts += 1;
      say(`${name} is back`);
      if (stopping.signal.aborted) await current.stop();
    } catch (error) {
      ends += 1;
      say(`${name} does not start (${(error as Error).message.split("\n", 1)[0]}); trying again${afterwards()}`);
    }
    onChange();
  }

  function waitMs(): number {
    return Math.min(firstWaitMs * 2 ** (ends - 1), lastWaitMs);
  }

  function afterwards(): string {
    return waitMs() >= 1_000 ? ` in ${waitMs() / 1_000} s` : "";
  }
}

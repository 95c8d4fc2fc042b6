import { type OpenQueue, openQueue, type QueueAddress } from "./backend.ts";
import { QUEUES, type QueueName } from "./catalog.ts";
import { within } from "./within.ts";

export interface QueueState {
  queue: QueueName;
  /** Jobs by state; `delayed` are schedules and later attempts. */
  jobs: Record<"waiting" | "active" | "delayed" | "failed", number>;
  /** Age of the oldest waiting job in milliseconds; 0 if none waits. */
  oldestWaitingMs: number;
}

export interface Observer {
  /** Throws if the queue is unreachable or does not answer in time. */
  read(timeoutMs: number): Promise<QueueState[]>;
  close(): Promise<void>;
}

/** Reads the state of all queues. Needs the worker's rights. */
export function observeQueues(address: QueueAddress, onError: (error: Error) => void): Observer {
  const open = new Map<QueueName, OpenQueue>();

  function queueOf(name: QueueName): OpenQueue {
    const known = open.get(name);
    if (known) return known;
    const queue = openQueue(address, name, { skipMetasUpdate: true });
    queue.on("error", onError);
    open.set(name, queue);
    return queue;
  }

  async function readOne(name: QueueName): Promise<QueueState> {
    const queue = queueOf(name);
    try {
      await queue.waitUntilReady();
    } catch (error) {
      // BullMQ does not recover from a failed first connection: the next reading opens a new one.
      open.delete(name);
      await queue.close().catch(onError);
      throw error;
    }
    const [counts, [oldest]] = await Promise.all([
      queue.getJobCounts("waiting", "active", "delayed", "failed"),
      queue.getJobs(["waiting"], 0, 0, true),
    ]);
    const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
    const oldestWaitingMs = oldest ? Math.max(0, Date.now() - (oldest.timestamp + oldest.delay)) : 0;
    return { queue: name, jobs: { waiting, active, delayed, failed }, oldestWaitingMs };
  }

  return {
    read: (timeoutMs) => within(timeoutMs, Promise.all((Object.keys(QUEUES) as QueueName[]).map(readOne))),
    async close() {
      await Promise.allSettled([...open.values()].map((queue) => queue.close()));
    },
  };
}

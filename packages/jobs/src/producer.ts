import { uuidV7 } from "@tollgate/contracts/ids";
import type { JobsOptions } from "bullmq";
import { type OpenQueue, openQueue, type QueueAddress } from "./backend.ts";
import { JOBS, type JobName, type JobPayload, type JobRow, type QueueName } from "./catalog.ts";
import { within } from "./within.ts";

export interface Producer {
  /**
   * Resolves to the job's id when the queue has it. A job with a known id is not added again. Throws if the payload does
   * not match the catalogue, or the queue is unreachable.
   */
  enqueue<N extends JobName>(name: N, payload: JobPayload<N>, jobId?: string): Promise<string>;
  /** Whether a job still waits: false while it runs and afterwards. */
  waits(name: JobName, jobId: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface ProducerOptions extends QueueAddress {
  onError?: (error: Error) => void;
  /** Timeout of a call in milliseconds. Default 10,000. */
  timeoutMs?: number;
}

export function jobOptions(row: JobRow): JobsOptions {
  return {
    attempts: row.attempts,
    ...(row.first ? { lifo: true } : {}),
    backoff: { type: "exponential", delay: row.backoffMs ?? 1_000, jitter: 0.5 },
    removeOnComplete: row.queue === "ingest" ? true : { age: 3_600 },
    removeOnFail: { age: row.failedKeptSeconds },
  };
}

export function createProducer({ onError = () => {}, timeoutMs = 10_000, ...address }: ProducerOptions): Producer {
  const queues = new Map<QueueName, Promise<OpenQueue>>();

  /** A queue that could not be opened is discarded: BullMQ would not recover from the failure. */
  async function open(name: QueueName): Promise<OpenQueue> {
    const queue = openQueue(address, name, { skipMetasUpdate: true });
    queue.on("error", onError);
    try {
      await within(timeoutMs, queue.waitUntilReady());
      return queue;
    } catch (error) {
      queues.delete(name);
      await queue.close().catch(onError);
      throw error;
    }
  }

  function queueOf(name: JobName): Promise<OpenQueue> {
    const key = JOBS[name].queue;
    let queue = queues.get(key);
    if (!queue) {
      queue = open(key);
      queues.set(key, queue);
    }
    return queue;
  }

  return {
    // The id is generated here: BullMQ's own ids would need the right to create sequences.
    async enqueue(name, payload, jobId = uuidV7(Date.now())) {
      const row: JobRow = JOBS[name];
      const data = row.payload.parse(payload);
      const queue = await queueOf(name);
      await within(timeoutMs, queue.add(name, data, { ...jobOptions(row), jobId }));
      return jobId;
    },
    async waits(name, jobId) {
      const queue = await queueOf(name);
      const state = await within(timeoutMs, queue.getJobState(jobId));
      return state === "waiting" || state === "delayed" || state === "prioritized";
    },
    async close() {
      const open = await Promise.allSettled(queues.values());
      await Promise.all(open.map((queue) => (queue.status === "fulfilled" ? queue.value.close() : undefined)));
    },
  };
}

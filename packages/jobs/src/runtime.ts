import { type Job, UnrecoverableError } from "bullmq";
import { type OpenWorker, openQueue, openWorker, type QueueAddress } from "./backend.ts";
import {
  FORMER_QUEUES,
  isJobName,
  JOB_NAMES,
  JOBS,
  type JobName,
  type JobPayload,
  type JobRow,
  QUEUES,
  type QueueName,
} from "./catalog.ts";
import { jobOptions } from "./producer.ts";

/** Handlers by job. A handler may run more than once for a job, so it must be idempotent. */
export type Handlers = { [N in JobName]: (payload: JobPayload<N>) => Promise<void> };

export interface RunOptions extends QueueAddress {
  handlers: Handlers;
  /** Called if a job fails or is unknown, or the queue is unreachable. */
  onError: (error: Error, job?: { name: string; id: string | undefined; attempt: number }) => void;
  /** Called after each attempt, with its duration in seconds. */
  onAttempt?: (name: JobName, seconds: number, ok: boolean) => void;
}

export interface Running {
  /** Takes no new jobs and waits for those under way. */
  close(): Promise<void>;
}

/** Milliseconds after which the job of a silent worker goes to another. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;
/** A killed worker is not the fault of its job, so this may happen often before the job counts as failed. */
const STALLED_MAX = 20;

const described = (job: Job) => ({ name: job.name, id: job.id, attempt: job.attemptsMade });

async function process(job: Job, { handlers, onError, onAttempt }: RunOptions): Promise<void> {
  if (!isJobName(job.name)) {
    onError(new Error(`no such job: ${job.name}`), described(job));
    return;
  }
  const parsed = JOBS[job.name].payload.safeParse(job.data);
  if (!parsed.success) throw new UnrecoverableError(`bad payload of ${job.name}: ${parsed.error.message}`);
  const run = handlers[job.name] as (payload: unknown) => Promise<void>;
  const startedAt = performance.now();
  let ok = false;
  try {
    await run(parsed.data);
    ok = true;
  } finally {
    onAttempt?.(job.name, (performance.now() - startedAt) / 1_000, ok);
  }
}

async function schedule(options: RunOptions, name: QueueName): Promise<void> {
  const queue = openQueue(options, name);
  queue.on("error", options.onError);
  try {
    await queue.waitUntilReady();
    for (const job of JOB_NAMES) {
      const row: JobRow = JOBS[job];
      if (row.queue !== name || row.everyMs === undefined) continue;
      await queue.upsertJobScheduler(job, { every: row.everyMs }, { name: job, data: {}, opts: jobOptions(row) });
    }
  } finally {
    await queue.close();
  }
}

/** Runs all jobs of the catalogue. Rejects if the queue is unreachable at the start; later it waits for the queue. */
export async function runWorkers(options: RunOptions): Promise<Running> {
  const workers: OpenWorker[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  async function start(queue: string, concurrency: number): Promise<void> {
    const worker = openWorker(options, queue, (job) => process(job, options), {
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: 1_000,
    });
    worker.on("error", (error) => options.onError(error));
    worker.on("failed", (job, error) => options.onError(error, job && described(job)));
    workers.push(worker);
    await worker.waitUntilReady();
  }
  try {
    for (const name of Object.keys(QUEUES) as QueueName[]) {
      await schedule(options, name);
      await start(name, QUEUES[name].concurrency);
    }
    for (const [former, name] of Object.entries(FORMER_QUEUES)) await start(former, QUEUES[name].concurrency);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { close };
}

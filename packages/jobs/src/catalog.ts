import { z } from "zod";

/** A queue is a line of its own: what waits in one does not hold up another. `concurrency` is per worker process. */
export const QUEUES = {
  ingest: { concurrency: 4 },
  house: { concurrency: 2 },
  alerts: { concurrency: 3 },
} as const;

export type QueueName = keyof typeof QUEUES;

/** A job is a row: its payload's schema, how often it is tried, and its schedule if the clock starts it. */
export interface JobRow<Payload extends z.ZodType = z.ZodType> {
  queue: QueueName;
  payload: Payload;
  attempts: number;
  /** Milliseconds to the second attempt, twice as many to each one after; default 1,000. */
  backoffMs?: number;
  /** Runs before the jobs that wait already: somebody looks at a page until it is done. */
  first?: boolean;
  /** Milliseconds between runs, for jobs nobody enqueues. */
  everyMs?: number;
  /** Seconds a failed job is kept for its operator to look at. */
  failedKeptSeconds: number;
}

const row = <P extends z.ZodType>(job: JobRow<P>): JobRow<P> => job;

const FORTNIGHT_SECONDS = 1_209_600;

export const JOBS = {
  /**
   * At most 500 events read from one spool, in order; `[from, to)` are byte positions of the spool they cover.
   * The one payload that carries rows and not ids: it is how they reach the database at all. Each is the JSON text of a
   * `UsageEvent` as the spool holds it, read one by one at ingest, so that a bad one does not spoil its batch.
   */
  "usage.ingest": row({
    queue: "ingest",
    payload: z.object({
      spoolId: z.uuid(),
      from: z.string().regex(/^\d{1,18}$/),
      to: z.string().regex(/^\d{1,18}$/),
      events: z.array(z.string()).max(500),
      /** MACs of the events and of the range, which the worker checks. Missing from proxies of the version before them. */
      macs: z.array(z.string()).max(500).optional(),
      rangeMac: z.string().optional(),
    }),
    attempts: 5,
    // Its spool still has it and sends it again: keeping megabytes here would be a second copy.
    failedKeptSeconds: 3_600,
  }),
  /**
   * A credential's box from before boxes named their origin, sealed again with it. Takes the old one's place if that is
   * still there. Sent by the proxy, the only one who can open a box, until it sees the new one. On this queue because it
   * is the one proxies may send to.
   */
  "credential.resealed": row({
    queue: "ingest",
    payload: z.object({
      orgId: z.uuid(),
      credentialId: z.uuid(),
      /** SHA-256 of the old box's text, hex. */
      oldBoxHash: z.string().regex(/^[0-9a-f]{64}$/),
      box: z.base64().max(16_384),
    }),
    attempts: 5,
    failedKeptSeconds: 3_600,
  }),
  /**
   * The result of a task that a proxy did (`contracts/src/tasks.ts`), as JSON text with a MAC that the worker checks. Each
   * kind of task has its own schema for the result. On this queue because it is the one proxies may send to.
   */
  "task.done": row({
    queue: "ingest",
    payload: z.object({
      orgId: z.uuid(),
      taskId: z.uuid(),
      kind: z.string().max(100),
      result: z.string().max(16_384),
      mac: z.string().max(100),
    }),
    attempts: 5,
    first: true,
    failedKeptSeconds: 3_600,
  }),
  /** Deletes old tasks. */
  "tasks.forget": row({
    queue: "house",
    payload: z.object({}),
    attempts: 3,
    everyMs: 3_600_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Policy of these organisations could not be read by a proxy for too long: their owners are told. Sent each minute. */
  "policy.stale": row({
    queue: "ingest",
    payload: z.object({
      stale: z.array(z.object({ orgId: z.uuid(), sinceMs: z.int().nonnegative() })).max(100),
    }),
    attempts: 3,
    failedKeptSeconds: 3_600,
  }),
  /** Reconciles each organisation's roll-ups and counters every hour, and runs other bookkeeping requests within a minute. */
  "usage.reconcile": row({
    queue: "house",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Makes the next days' partitions ahead of time. */
  "usage.partitions": row({
    queue: "house",
    payload: z.object({}),
    attempts: 3,
    everyMs: 3_600_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Raises the alerts that ingest does not raise: thresholds of limits that changed since, and unusual spend. */
  "alerts.look": row({
    queue: "alerts",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Gives this queue the deliveries that wait. */
  "alerts.hand-out": row({
    queue: "alerts",
    payload: z.object({}),
    attempts: 1,
    everyMs: 2_000,
    failedKeptSeconds: 3_600,
  }),
  /** One alert to one channel: ten attempts in some seventeen minutes, then it has failed. */
  "alerts.deliver": row({
    queue: "alerts",
    payload: z.object({ deliveryId: z.uuid() }),
    attempts: 10,
    backoffMs: 2_000,
    failedKeptSeconds: 3_600,
  }),
} as const;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]["payload"]>;

export const JOB_NAMES = Object.keys(JOBS) as JobName[];

export const isJobName = (name: string): name is JobName => Object.hasOwn(JOBS, name);

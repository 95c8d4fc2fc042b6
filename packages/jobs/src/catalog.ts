import { z } from "zod";

/** Queues are independent: waiting jobs of one do not delay another. `concurrency` is per worker process. */
export const QUEUES = {
  /** Ingest adds batches that it has at the same time in one transaction. */
  ingest: { concurrency: 64 },
  installation: { concurrency: 2 },
  alerts: { concurrency: 3 },
} as const;

export type QueueName = keyof typeof QUEUES;

/**
 * Names that queues had in the previous version. Workers also run the jobs in these queues, but schedule none there. The
 * schedules that old workers made there are left for them, so some jobs run twice as often. Remove a name in the next
 * version, with its schedules.
 */
export const FORMER_QUEUES: Readonly<Record<string, QueueName>> = { house: "installation" };

/** A job is a row: the schema of its payload, its number of attempts, and its schedule if it has one. */
export interface JobRow<Payload extends z.ZodType = z.ZodType> {
  queue: QueueName;
  payload: Payload;
  attempts: number;
  /** Milliseconds before the second attempt; the delay doubles each time. Default 1,000. */
  backoffMs?: number;
  /** Runs before waiting jobs, because a user waits for it on a page. */
  first?: boolean;
  /** Milliseconds between runs, for scheduled jobs. */
  everyMs?: number;
  /** Seconds for which a failed job is kept for the operator. */
  failedKeptSeconds: number;
}

const row = <P extends z.ZodType>(job: JobRow<P>): JobRow<P> => job;

const FORTNIGHT_SECONDS = 1_209_600;

export const JOBS = {
  /**
   * At most 500 events of one spool, in order. `[from, to)` are the byte positions in the spool that they cover.
   * The only payload with rows instead of ids: the rows are not in the database yet. Each is the JSON text of a
   * `UsageEvent` from the spool. Ingest parses them one by one, so that an invalid one does not affect the others.
   */
  "usage.ingest": row({
    queue: "ingest",
    payload: z.object({
      spoolId: z.uuid(),
      from: z.string().regex(/^\d{1,18}$/),
      to: z.string().regex(/^\d{1,18}$/),
      events: z.array(z.string()).max(500),
      /** MACs of the events and of the range, which the worker checks. Proxies of an earlier version send none. */
      macs: z.array(z.string()).max(500).optional(),
      rangeMac: z.string().optional(),
    }),
    attempts: 5,
    // The spool still has the events and sends them again, so a failed job need not keep megabytes.
    failedKeptSeconds: 3_600,
  }),
  /**
   * The result of a task that a proxy did (`contracts/src/tasks.ts`), as JSON text with a MAC that the worker checks. Each
   * kind of task has its own schema for the result. It uses this queue because proxies may send only to this one.
   */
  "task.done": row({
    queue: "ingest",
    payload: z.object({
      orgId: z.uuid(),
      taskId: z.uuid(),
      kind: z.string().max(100),
      // A list of models has at most 1,000 names of 200 characters.
      result: z.string().max(262_144),
      mac: z.string().max(100),
    }),
    attempts: 5,
    first: true,
    failedKeptSeconds: 3_600,
  }),
  /** Asks the proxies to seal credentials again if their box has no origin. */
  "credentials.reseal": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Asks the proxies for the state of open batches. */
  "batches.poll": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 1,
    everyMs: 10_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Deletes old tasks, batches that were settled long ago, and old rows of the log of policy changes. */
  "tasks.forget": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 3,
    everyMs: 3_600_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** A proxy cannot read the policy of these organisations for too long: their owners get an alert. Sent each minute. */
  "policy.stale": row({
    queue: "ingest",
    payload: z.object({
      stale: z.array(z.object({ orgId: z.uuid(), sinceMs: z.int().nonnegative() })).max(100),
    }),
    attempts: 3,
    failedKeptSeconds: 3_600,
  }),
  /**
   * Checks the organisations that are due: each hour what was written since their last check, each day all of yesterday and
   * today. The turns are spread over the hour and the day.
   */
  "usage.check": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 1,
    everyMs: 30_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Runs requests for ledger maintenance. */
  "usage.reconcile": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Computes the roll-ups of an earlier version again, some days at a time, and sums days that are over. */
  "usage.reshape": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Completes the counters of limits that were just set. */
  "limits.fill": row({
    queue: "alerts",
    payload: z.object({}),
    attempts: 1,
    everyMs: 2_000,
    failedKeptSeconds: 3_600,
  }),
  /** Deletes roll-ups that are past their retention. */
  "usage.forget": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 3,
    everyMs: 3_600_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Deletes requests, alerts and other rows that are past their retention. */
  "retention.apply": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 3,
    everyMs: 3_600_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Does what the operator decided about usage in quarantine, and mails the operator when usage entered it. */
  "quarantine.look": row({
    queue: "alerts",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Creates the partitions of the next days, and indexes that earlier partitions lack. */
  "usage.partitions": row({
    queue: "installation",
    payload: z.object({}),
    attempts: 3,
    everyMs: 3_600_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Raises alerts that ingest does not raise: thresholds of changed limits, and unusual spend. */
  "alerts.look": row({
    queue: "alerts",
    payload: z.object({}),
    attempts: 1,
    everyMs: 60_000,
    failedKeptSeconds: FORTNIGHT_SECONDS,
  }),
  /** Enqueues the waiting deliveries. */
  "alerts.hand-out": row({
    queue: "alerts",
    payload: z.object({}),
    attempts: 1,
    everyMs: 2_000,
    failedKeptSeconds: 3_600,
  }),
  /** Delivers one alert to one channel: ten attempts within about seventeen minutes, then it has failed. */
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

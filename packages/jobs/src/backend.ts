import {
  createPostgresBackend,
  type Processor,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
  withBackend,
} from "bullmq";

/** Where the queue lives: Redis when it is given, else Postgres. */
export interface QueueAddress {
  /** Postgres, with a role that may use the schema `bullmq`. */
  url: string;
  redisUrl?: string | undefined;
}

export const QUEUE_SCHEMA = "bullmq";

const postgres = withBackend(createPostgresBackend);

const postgresConnection = (connectionString: string, max: number) => ({
  connectionString,
  schema: QUEUE_SCHEMA,
  migrate: false,
  max,
});

type QueueSettings = Omit<QueueOptions, "connection">;
type WorkerSettings = Omit<WorkerOptions, "connection">;

/** Opens the sending end of a queue; a command that finds no connection fails at once instead of waiting for one. */
export function openQueue({ url, redisUrl }: QueueAddress, name: string, settings: QueueSettings = {}) {
  return redisUrl
    ? new Queue(name, {
        ...settings,
        connection: { url: redisUrl, maxRetriesPerRequest: null, enableOfflineQueue: false },
      })
    : new postgres.Queue(name, { ...settings, connection: postgresConnection(url, 2) });
}

/** Opens the receiving end; it waits for a lost connection to come back. */
export function openWorker({ url, redisUrl }: QueueAddress, name: string, run: Processor, settings: WorkerSettings) {
  return redisUrl
    ? new Worker(name, run, { ...settings, connection: { url: redisUrl, maxRetriesPerRequest: null } })
    : new postgres.Worker(name, run, {
        ...settings,
        connection: postgresConnection(url, (settings.concurrency ?? 1) + 1),
      });
}

export type OpenQueue = ReturnType<typeof openQueue>;
export type OpenWorker = ReturnType<typeof openWorker>;

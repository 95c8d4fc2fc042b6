import {
  createPostgresBackend,
  type Processor,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
  withBackend,
} from "bullmq";
import pg from "pg";

/** Location of the queue: Redis if a URL is given, else Postgres. */
export interface QueueAddress {
  /** URL of Postgres, with a role that may use the schema `bullmq`. */
  url: string;
  redisUrl?: string | undefined;
}

export const QUEUE_SCHEMA = "bullmq";

/** Polling interval of an idle worker: behind a pooler, notifications of jobs do not arrive. */
const POLL_SECONDS = 1;

/** Connections of a worker of the queue in Postgres, for commands of its jobs. Postgres has 100 connections by default. */
const COMMANDS_MAX = 16;

const postgres = withBackend(createPostgresBackend);

/**
 * BullMQ uses its tables without the schema name and sets the search path with a start-up option, which a pooler does not
 * accept. So the role has that search path by default, and this file creates the pool.
 */
async function requireSearchPath(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ found: boolean; role: string }>(
    "select $1 = any (current_schemas(false)) as found, current_user as role",
    [QUEUE_SCHEMA],
  );
  const { found, role } = rows[0] ?? { found: false, role: "" };
  if (!found)
    throw new Error(
      `the role ${role} finds no schema ${QUEUE_SCHEMA}: run packages/jobs/src/install.ts and ALTER ROLE ${role} SET search_path = public, ${QUEUE_SCHEMA}`,
    );
}

const openPool = (connectionString: string, max: number): pg.Pool =>
  new pg.Pool({ connectionString, max, onConnect: requireSearchPath });

/** The same backend; closing it also ends its pool. */
function withPool<T extends { close(): Promise<void> }>(pool: pg.Pool, open: (pool: pg.Pool) => T): T {
  const opened = open(pool);
  const close = opened.close.bind(opened);
  opened.close = async () => {
    try {
      await close();
    } finally {
      if (!pool.ending) await pool.end();
    }
  };
  return opened;
}

type QueueSettings = Omit<QueueOptions, "connection">;
type WorkerSettings = Omit<WorkerOptions, "connection">;

/** Opens a queue for sending. Without a connection, a command fails at once. */
export function openQueue({ url, redisUrl }: QueueAddress, name: string, settings: QueueSettings = {}) {
  return redisUrl
    ? new Queue(name, {
        ...settings,
        connection: { url: redisUrl, maxRetriesPerRequest: null, enableOfflineQueue: false },
      })
    : withPool(openPool(url, 2), (connection) => new postgres.Queue(name, { ...settings, connection }));
}

/** Opens a queue for receiving. It waits until a lost connection is back. */
export function openWorker({ url, redisUrl }: QueueAddress, name: string, run: Processor, settings: WorkerSettings) {
  return redisUrl
    ? new Worker(name, run, { ...settings, connection: { url: redisUrl, maxRetriesPerRequest: null } })
    : withPool(
        // One connection for notifications, and one for other commands. More jobs than the rest share it: each needs one briefly.
        openPool(url, Math.min(settings.concurrency ?? 1, COMMANDS_MAX) + 2),
        (connection) => new postgres.Worker(name, run, { ...settings, connection, drainDelay: POLL_SECONDS }),
      );
}

export type OpenQueue = ReturnType<typeof openQueue>;
export type OpenWorker = ReturnType<typeof openWorker>;

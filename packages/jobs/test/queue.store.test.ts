import { openQueue, type QueueAddress } from "@tollgate/jobs/backend";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { installQueue } from "@tollgate/jobs/install-queue";
import { createProducer, type Producer } from "@tollgate/jobs/producer";
import { type Handlers, type Running, runWorkers } from "@tollgate/jobs/runtime";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

type Batch = JobPayload<"usage.ingest">;

const withoutRedis = await redisMissing();
let database: TestDatabase;
let redis: TestRedis | undefined;
beforeAll(async () => {
  database = await testDatabase();
  if (!withoutRedis) redis = await testRedis();
});
afterAll(async () => {
  await redis?.stop();
  await database.drop();
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const batch = (): Batch => ({
  spoolId: freshId(),
  from: "0",
  to: "10",
  events: [JSON.stringify({ text: "nul \0, half \ud800" })],
});

interface Seen {
  batches: Batch[];
  /** Ids of the tasks whose results have arrived. */
  tasks: string[];
  partitions: number;
  errors: string[];
}

describe.each(["postgres", "redis"] as const)("on %s", (backend) => {
  const address = (role: "proxyUrl" | "ingestUrl"): QueueAddress => ({
    url: database[role],
    redisUrl: backend === "redis" ? redis?.url : undefined,
  });

  function produce(): Producer {
    const producer = createProducer(address("proxyUrl"));
    open.push(producer);
    return producer;
  }

  async function work(ingest?: (payload: Batch, seen: Seen) => Promise<void>): Promise<Seen & Running> {
    const seen: Seen = { batches: [], tasks: [], partitions: 0, errors: [] };
    const handlers: Handlers = {
      "usage.ingest": async (payload) => {
        seen.batches.push(payload);
        await ingest?.(payload, seen);
      },
      "usage.reshape": async () => {},
      "usage.check": async () => {},
      "quarantine.look": async () => {},
      "limits.fill": async () => {},
      "retention.apply": async () => {},
      "usage.forget": async () => {},
      "usage.partitions": async () => {
        seen.partitions += 1;
      },
      "policy.stale": async () => {},
      "usage.reconcile": async () => {},
      "credentials.reseal": async () => {},
      "batches.poll": async () => {},
      "task.done": async ({ taskId }) => {
        seen.tasks.push(taskId);
      },
      "tasks.forget": async () => {},
      "alerts.look": async () => {},
      "alerts.hand-out": async () => {},
      "alerts.deliver": async () => {},
    };
    const onError = (error: Error): void => void seen.errors.push(error.message);
    const running = await runWorkers({ ...address("ingestUrl"), handlers, onError });
    open.unshift(running);
    return Object.assign(seen, running);
  }

  test.skipIf(backend === "redis" && withoutRedis)("a job arrives unchanged", async () => {
    const sent = batch();
    const seen = await work();
    await produce().enqueue("usage.ingest", sent);
    await waitFor(() => seen.batches.length === 1);
    expect(seen.batches).toEqual([sent]);
  });

  test.skipIf(backend === "redis" && withoutRedis)("a job waits for a worker, and is reported as waiting", async () => {
    const producer = produce();
    const jobId = await producer.enqueue("usage.ingest", batch());
    expect(await producer.waits("usage.ingest", jobId)).toBe(true);
    const seen = await work();
    await waitFor(() => seen.batches.length === 1);
    await waitFor(async () => !(await producer.waits("usage.ingest", jobId)));
  });

  test.skipIf(backend === "redis" && withoutRedis)("an urgent job runs before waiting jobs", async () => {
    const producer = produce();
    const taskId = freshId();
    await Promise.all(Array.from({ length: 12 }, () => producer.enqueue("usage.ingest", batch())));
    await producer.enqueue("task.done", { orgId: freshId(), taskId, kind: "credential.test", result: "{}", mac: "" });
    // None of the others has ended before.
    const seen = await work((_, { tasks }) => waitFor(() => tasks.length === 1).then(() => {}));
    await waitFor(() => seen.batches.length === 12);
    expect(seen.tasks).toEqual([taskId]);
  });

  test.skipIf(backend === "redis" && withoutRedis)("a job with the same id is added once", async () => {
    const [producer, jobId] = [produce(), `same-${freshId()}`];
    await Promise.all([1, 2, 3].map(() => producer.enqueue("usage.ingest", batch(), jobId)));
    const seen = await work();
    await producer.enqueue("usage.ingest", batch());
    await waitFor(() => seen.batches.length === 2);
    const queue = openQueue(address("ingestUrl"), "ingest");
    open.push(queue);
    await waitFor(async () => (await queue.getJobCounts("waiting", "active")).waiting === 0);
    expect(seen.batches).toHaveLength(2);
  });

  test.skipIf(backend === "redis" && withoutRedis)("a job that is not in the catalogue is not sent", async () => {
    await expect(produce().enqueue("usage.ingest", { ...batch(), from: "-1" })).rejects.toThrow();
  });

  test.skipIf(backend === "redis" && withoutRedis)("a failed job is retried", async () => {
    const seen = await work(async (_, { batches }) => {
      if (batches.length === 1) throw new Error("not yet");
    });
    await produce().enqueue("usage.ingest", batch());
    await waitFor(() => seen.batches.length === 2);
    expect(seen.errors).toEqual(["not yet"]);
  });

  test.skipIf(backend === "redis" && withoutRedis)(
    "an unknown job and an invalid payload are reported and not retried",
    async () => {
      const queue = openQueue(address("ingestUrl"), "ingest");
      open.push(queue);
      await queue.waitUntilReady();
      const attempts = { attempts: 5, jobId: `unknown-${freshId()}` };
      await queue.add("no.such.job", {}, attempts);
      await queue.add("usage.ingest", { from: 1 }, { ...attempts, jobId: `bad-${freshId()}` });
      const seen = await work();
      await waitFor(() => seen.errors.length === 2);
      expect(seen.errors.sort()).toEqual([
        expect.stringContaining("bad payload of usage.ingest"),
        "no such job: no.such.job",
      ]);
      expect(seen.batches).toEqual([]);
      expect(await queue.getJobCounts("waiting", "delayed", "active")).toEqual({ waiting: 0, delayed: 0, active: 0 });
    },
  );

  test.skipIf(backend === "redis" && withoutRedis)("several workers share one schedule", async () => {
    await Promise.all([work(), work(), work()]);
    const queue = openQueue(address("ingestUrl"), "installation");
    open.push(queue);
    const schedules = (await queue.getJobSchedulers()).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(schedules).toMatchObject([
      { key: "batches.poll", every: 10_000 },
      { key: "credentials.reseal", every: 60_000 },
      { key: "retention.apply", every: 3_600_000 },
      { key: "tasks.forget", every: 3_600_000 },
      { key: "usage.check", every: 30_000 },
      { key: "usage.forget", every: 3_600_000 },
      { key: "usage.partitions", every: 3_600_000 },
      { key: "usage.reconcile", every: 60_000 },
      { key: "usage.reshape", every: 60_000 },
    ]);
    await waitFor(async () => {
      const { waiting = 0, delayed = 0 } = await queue.getJobCounts("waiting", "delayed");
      // A schedule has its next run and the one after. A schedule per worker would have three times as many.
      return waiting + delayed <= 2 * schedules.length;
    });
  });

  test.skipIf(backend === "redis" && withoutRedis)("jobs that old workers left in a renamed queue run", async () => {
    const former = openQueue(address("ingestUrl"), "house");
    open.push(former);
    await former.waitUntilReady();
    // An old worker may still be running, so its schedule must stay.
    const template = { name: "usage.partitions", data: {} };
    await former.upsertJobScheduler("usage.partitions", { every: 3_600_000 }, template);
    const ids = [`waiting-${freshId()}`, `delayed-${freshId()}`];
    for (const [index, jobId] of ids.entries()) await former.add("usage.partitions", {}, { jobId, delay: index * 100 });
    await work();
    await waitFor(async () => {
      const states = await Promise.all(ids.map((id) => former.getJobState(id)));
      return states.every((state) => state === "completed");
    });
    expect(await former.getJobSchedulers()).toMatchObject([{ key: "usage.partitions", every: 3_600_000 }]);
  });

  test.skipIf(backend === "redis" && withoutRedis)("closing waits for the job under way", async () => {
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    let ended = false;
    const running = await work(async () => {
      entered.resolve();
      await leave.promise;
      ended = true;
    });
    await produce().enqueue("usage.ingest", batch());
    await entered.promise;
    const closed = running.close();
    leave.resolve();
    await closed;
    expect(ended).toBe(true);
  });
});

test("a producer that could not reach the queue recovers when the queue is back", async () => {
  const producer = createProducer({ url: database.proxyUrl.replace(/\/test_\w+/, "/not_there"), timeoutMs: 2_000 });
  await expect(producer.enqueue("usage.ingest", batch())).rejects.toThrow();
  await expect(producer.enqueue("usage.ingest", batch())).rejects.toThrow(/not_there/);
  await producer.close();
});

test("a role that may send cannot read, change or delete jobs", async () => {
  for (const statement of [
    "select data from bullmq.job",
    "update bullmq.job set data = '{}'",
    "delete from bullmq.job",
  ])
    await expect(query(database.proxyUrl, statement)).rejects.toThrow(/permission denied/);
});

test("the dashboard's role can neither send nor see jobs", async () => {
  const dashboard = createProducer({ url: database.controlUrl });
  open.push(dashboard);
  await expect(dashboard.enqueue("usage.ingest", batch())).rejects.toThrow(/finds no schema bullmq/);
  for (const statement of [
    "insert into bullmq.job (queue, id, seq, name, state, added_at_ms) values ('ingest', 'x', 1, 'usage.ingest', 'waiting', 0)",
    "select 1 from bullmq.job",
    "select 1 from bullmq.meta",
    "insert into bullmq.event (queue, event, created_at_ms) values ('ingest', 'added', 0)",
  ])
    await expect(query(database.controlUrl, statement)).rejects.toThrow(/permission denied/);
});

test("an upgrade revokes the dashboard role's old right to send", async () => {
  await query(
    database.ownerUrl,
    "grant usage on schema bullmq to tollgate_control",
    "grant insert, select on all tables in schema bullmq to tollgate_control",
    "grant usage on all sequences in schema bullmq to tollgate_control",
  );
  await installQueue(database.ownerUrl);
  await expect(query(database.controlUrl, "select 1 from bullmq.job")).rejects.toThrow(/permission denied/);
});

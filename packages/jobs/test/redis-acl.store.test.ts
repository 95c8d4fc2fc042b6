import { readFile } from "node:fs/promises";
import path from "node:path";
import { openQueue } from "@tollgate/jobs/backend";
import { createProducer } from "@tollgate/jobs/producer";
import { runWorkers } from "@tollgate/jobs/runtime";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisCommand, redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const withoutRedis = await redisMissing();

describe.skipIf(withoutRedis)("with the ACL of the README, on Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await testRedis();
    const readme = await readFile(path.join(import.meta.dirname, "../README.md"), "utf8");
    const users = [...readme.matchAll(/^user (.+)$/gm)].map(([, rules = ""]) => rules.split(" "));
    expect(users.map(([name]) => name)).toEqual(["tollgate-proxy", "tollgate-worker", "default"]);
    for (const rules of users) await redisCommand(redis.url, "ACL", "SETUSER", ...rules);
  });
  afterAll(() => redis?.stop());

  const as = (user: string, password: string) => redis.url.replace("//", `//${user}:${password}@`);
  const proxy = () => as("tollgate-proxy", "PROXY_PASSWORD");
  const worker = () => as("tollgate-worker", "WORKER_PASSWORD");
  const usage = { spoolId: freshId(), from: "0", to: "1", events: ["{}"] };

  const done = { orgId: freshId(), taskId: freshId(), kind: "credential.test", result: "{}", mac: "AAAA" };

  test("the proxy can send usage and task results, keep its limits, and nothing else", async () => {
    const producer = createProducer({ url: "", redisUrl: proxy() });
    const jobId = await producer.enqueue("usage.ingest", usage);
    expect(await producer.waits("usage.ingest", jobId)).toBe(true);
    await producer.enqueue("task.done", done);
    const alert = producer.enqueue("alerts.deliver", { deliveryId: freshId() });
    await expect(alert).rejects.toThrow(/No permissions|NOPERM/);
    await producer.close();
    expect(await redisCommand(proxy(), "SET", "tollgate:{x}", "1")).toBe("OK");
    for (const command of [["GET", "other"], ["FLUSHALL"], ["CONFIG", "GET", "*"], ["KEYS", "*"], ["ACL", "LIST"]])
      await expect(redisCommand(proxy(), command[0] ?? "", ...command.slice(1))).rejects.toThrow(/NOPERM/);
  });

  test("the worker runs every job", async () => {
    const ran: object[] = [];
    const errors: Error[] = [];
    const running = await runWorkers({
      url: "",
      redisUrl: worker(),
      handlers: {
        "usage.ingest": async (payload) => void ran.push(payload),
        "credentials.reseal": async () => {},
        "batches.poll": async () => {},
        "usage.reshape": async () => {},
        "usage.check": async () => {},
        "quarantine.look": async () => {},
        "limits.fill": async () => {},
        "retention.apply": async () => {},
        "usage.forget": async () => {},
        "usage.partitions": async () => {},
        "task.done": async (payload) => void ran.push(payload),
        "tasks.forget": async () => {},
        "policy.stale": async () => {},
        "usage.reconcile": async () => {},
        "alerts.look": async () => {},
        "alerts.hand-out": async () => {},
        "alerts.deliver": async () => {},
      },
      onError: (error) => void errors.push(error),
    });
    await waitFor(() => ran.length > 1);
    await running.close();
    expect(ran).toHaveLength(2);
    expect(ran).toEqual(expect.arrayContaining([usage, done]));
    expect(errors).toEqual([]);
    const queue = openQueue({ url: "", redisUrl: worker() }, "alerts");
    expect(await queue.getJobSchedulersCount()).toBeGreaterThan(0);
    await queue.close();
  });

  test("a client without a user, such as the dashboard, cannot send anything", async () => {
    const producer = createProducer({ url: "", redisUrl: redis.url, timeoutMs: 1_000 });
    await expect(producer.enqueue("usage.ingest", usage)).rejects.toThrow();
    await producer.close().catch(() => {});
    await expect(redisCommand(redis.url, "GET", "bull:ingest:id")).rejects.toThrow();
  });
});

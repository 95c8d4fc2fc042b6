import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { faultOf } from "@tollgate/jobs/check-redis";
import { freePort } from "@tollgate/testkit/cluster";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const check = path.join(import.meta.dirname, "../src/check.ts");

/** Exit code and output. */
async function checked(redisUrl: string): Promise<[code: number, output: string]> {
  const child = spawn(process.execPath, [check], { env: { ...process.env, REDIS_URL: redisUrl } });
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return [code, output];
}

test.each([
  ["redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\n", null],
  ["redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\n", "has maxmemory-policy allkeys-lru"],
  ["redis_version:5.0.7\r\nmaxmemory_policy:noeviction\r\n", "has version 5.0.7; 6.2 or newer is needed."],
  ["redis_version:6.0.16\r\nmaxmemory_policy:noeviction\r\n", "has version 6.0.16; 6.2 or newer is needed."],
])("a Redis that reports %j", (output, fault) => {
  if (fault === null) expect(faultOf(output)).toBeNull();
  else expect(faultOf(output)).toContain(fault);
});

test("a Redis that does not answer gives one line with its address", async () => {
  const port = await freePort();
  const [code, output] = await checked(`redis://:hunter2@127.0.0.1:${port}`);
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^REDIS_URL: no Redis answers at 127\\.0\\.0\\.1:${port} \\([^\\n]+\\)\\.\\n$`));
  expect(output).not.toContain("hunter2");
});

describe.skipIf(await redisMissing())("a real Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await testRedis();
  });
  afterAll(() => redis.stop());

  test("is refused if it may evict keys, and accepted otherwise", async () => {
    expect(await checked(redis.url)).toEqual([0, ""]);
    const client = new Redis(redis.url);
    await client.config("SET", "maxmemory-policy", "volatile-lru");
    client.disconnect();
    const [code, output] = await checked(redis.url);
    expect(code).toBe(1);
    expect(output).toMatch(/^REDIS_URL: .* has maxmemory-policy volatile-lru: .*noeviction\.\n$/);
  });
});

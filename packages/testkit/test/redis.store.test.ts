import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { Redis } from "ioredis";
import { expect, test } from "vitest";

const missing = await redisMissing();

test.skipIf(missing)(
  `two Redis servers are independent, and a stopped one is gone${missing ? ` (${missing})` : ""}`,
  async () => {
    const [one, other] = await Promise.all([testRedis(), testRedis()]);
    const clients = [one, other].map(({ url }) => new Redis(url, { retryStrategy: null }));
    const [first, second] = clients as [Redis, Redis];
    await first.set("a", "1");
    expect([await first.get("a"), await second.get("a")]).toEqual(["1", null]);
    for (const client of clients) client.disconnect();
    await Promise.all([one.stop(), other.stop()]);
    const late = new Redis(one.url, { retryStrategy: null, lazyConnect: true });
    late.on("error", () => {});
    await expect(late.connect()).rejects.toThrow();
  },
);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { createInstallation, type Installation } from "../src/installation.ts";

export const PROCESSES = 4;

export interface SharedInstallation {
  database: TestDatabase;
  provider: Provider;
  redis: TestRedis;
  rig: Installation;
  close(): Promise<void>;
}

/** Creates an installation of several proxies that share their limits in Redis. Starts nothing yet. */
export async function sharedInstallation(): Promise<SharedInstallation> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-chaos-"));
  const [database, provider, redis] = await Promise.all([testDatabase(), startProvider(), testRedis()]);
  const rig = await createInstallation(database, dir, {
    settings: { PROXY_PROCESSES: String(PROCESSES), REDIS_URL: redis.url, METRICS_PORT: "0" },
  });
  return {
    database,
    provider,
    redis,
    rig,
    async close() {
      await rig.proxy.stop();
      await rig.worker.stop();
      await provider.close();
      await redis.stop();
      await database.drop();
      await rm(dir, { recursive: true });
    },
  };
}

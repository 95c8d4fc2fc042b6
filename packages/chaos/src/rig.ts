import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startTestCluster, type TestServer } from "@tollgate/testkit/cluster";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { sabotageSettings } from "./env.ts";
import { type Governed, governedOrganisation, type KeyLimit } from "./governed-organisation.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { moodyProvider } from "./moody-provider.ts";

/** A complete installation whose every part can be made to fail: several proxies, worker, Postgres, Redis, provider. */
export interface Rig<Name extends string = string> extends Governed<Name> {
  postgres: TestServer;
  redis: TestRedis;
  provider: Provider;
  database: TestDatabase;
  installation: Installation;
  spoolDir: string;
  /** The folder that arms kill points and sets clocks. */
  sabotageDir: string;
  /** Whether the spool has its own small disk, which can be filled. */
  hasSmallDisk: boolean;
  close(): Promise<void>;
}

export interface RigOptions<Name extends string> {
  seed: number;
  keys: Record<Name, readonly KeyLimit[]>;
}

export const PROXY_PROCESSES = 4;
const SMALL_DISK = "512m";
const run = promisify(execFile);

/** Mounts a small disk. @returns false without root, or if the system forbids it */
const mountSmallDisk = (dir: string): Promise<boolean> =>
  run("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK}`, "tmpfs", dir]).then(
    () => true,
    () => false,
  );

/** Starts everything. Throws if Redis is not installed. */
export async function openRig<Name extends string>({ seed, keys }: RigOptions<Name>): Promise<Rig<Name>> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-chaos-"));
  const [spoolDir, sabotageDir] = [path.join(dir, "spool"), path.join(dir, "sabotage")];
  await Promise.all([mkdir(spoolDir), mkdir(sabotageDir)]);
  const [hasSmallDisk, postgres, redis, provider] = await Promise.all([
    mountSmallDisk(spoolDir),
    startTestCluster({ durable: true }),
    testRedis(),
    startProvider({ keepsBytes: false }),
  ]);
  const database = await testDatabase(postgres);
  const rig = await createInstallation(database, dir, {
    settings: {
      ...sabotageSettings(sabotageDir),
      PROXY_PROCESSES: String(PROXY_PROCESSES),
      REDIS_URL: redis.url,
      METRICS_PORT: "0",
    },
    preload: [path.join(import.meta.dirname, "sabotage.ts")],
  });
  const governed = await governedOrganisation(rig.settings, provider.url, { keys });
  provider.scriptModel(governed.model, moodyProvider(seed));
  // If a run is interrupted, only Redis and the mount do not end by themselves.
  const breakOff = (): void => {
    redis.process.kill("SIGKILL");
    if (hasSmallDisk) spawnSync("umount", ["-l", spoolDir]);
  };
  process.once("exit", breakOff);
  await Promise.all([rig.proxy.start(), rig.worker.start()]);
  return {
    ...governed,
    postgres,
    redis,
    provider,
    database,
    installation: rig,
    spoolDir,
    sabotageDir,
    hasSmallDisk,
    async close() {
      process.off("exit", breakOff);
      await Promise.all([rig.proxy.stop(), rig.worker.stop()]);
      await Promise.all([provider.close(), redis.stop(), postgres.stop()]);
      if (hasSmallDisk) await run("umount", [spoolDir]);
      await rm(dir, { recursive: true });
    },
  };
}

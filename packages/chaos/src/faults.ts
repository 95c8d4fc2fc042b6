import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { childrenOf } from "@tollgate/testkit/children-of";
import { signalAll } from "@tollgate/testkit/signal-all";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { CLOCK_FILE } from "./env.ts";
import { armingFile, KILL_POINT_NAMES, KILL_POINTS, type KillPointName } from "./kill-points.ts";
import type { Random } from "./random.ts";
import { PROXY_PROCESSES, type Rig } from "./rig.ts";

export interface Fault {
  /** Range of the fault's duration in milliseconds, `[from, to)`. */
  lastsMs: readonly [number, number];
  /** Injects the fault, waits, and repairs it. @returns false if this machine cannot inject it */
  strike(rig: Rig, lastsMs: number, random: Random): Promise<unknown>;
}

const run = promisify(execFile);

const proxies = ({ installation }: Rig): number[] => childrenOf(installation.proxy.pid());

async function withRedis<T>({ redis }: Rig, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function stopped(pids: readonly number[], lastsMs: number): Promise<void> {
  signalAll(pids, "SIGSTOP");
  await pause(lastsMs);
  signalAll(pids, "SIGCONT");
}

const postgresProcesses = ({ postgres }: Rig): number[] => [postgres.pid(), ...childrenOf(postgres.pid())];

async function withFullDisk({ spoolDir, hasSmallDisk }: Rig, work: () => Promise<void>): Promise<boolean> {
  if (!hasSmallDisk) return false;
  const ballast = path.join(spoolDir, "ballast");
  const { bavail, bsize } = await statfs(spoolDir);
  await run("fallocate", ["--length", String(Math.floor(bavail * 0.9) * bsize), ballast]);
  const piece = Buffer.alloc(1024 * 1024);
  for (let isFull = false; !isFull; ) {
    isFull = await appendFile(ballast, piece).then(
      () => false,
      () => true,
    );
  }
  await work();
  await rm(ballast);
  return true;
}

async function stepClocks({ sabotageDir }: Rig, lastsMs: number, random: Random): Promise<void> {
  const set = (offsetsMs: number[]): Promise<void> =>
    writeFile(path.join(sabotageDir, CLOCK_FILE), JSON.stringify(offsetsMs));
  await set(Array.from({ length: PROXY_PROCESSES }, () => random.between(-90_000, 90_000)));
  await pause(lastsMs);
  await set([]);
}

/** The first process that reaches this kill point is killed there. */
const killAt = (name: KillPointName): Fault => ({
  lastsMs: [2_000, 4_000],
  async strike({ sabotageDir, installation }, lastsMs) {
    const file = path.join(sabotageDir, armingFile(name));
    await writeFile(file, "");
    const isMet = await waitFor(() => !existsSync(file), { timeoutMs: lastsMs }).catch(() => false);
    await rm(file, { force: true });
    if (isMet && KILL_POINTS[name].writes.startsWith("commit")) {
      await installation.worker.kill();
      await installation.worker.start();
    }
    return isMet;
  },
});

const plain = {
  "kill a proxy": {
    lastsMs: [500, 2_000],
    async strike(rig, lastsMs, random) {
      signalAll([random.pick(proxies(rig) as [number, ...number[]])], "SIGKILL");
      await pause(lastsMs);
    },
  },
  "kill all proxies": {
    lastsMs: [1_500, 3_000],
    async strike(rig, lastsMs) {
      signalAll(proxies(rig), "SIGKILL");
      await pause(lastsMs);
    },
  },
  "kill all proxies and who starts them": {
    lastsMs: [0, 1_000],
    async strike(rig, lastsMs) {
      const pids = proxies(rig);
      await rig.installation.proxy.kill();
      signalAll(pids, "SIGKILL");
      await pause(lastsMs);
      await rig.installation.proxy.start();
    },
  },
  "kill the worker": {
    lastsMs: [0, 3_000],
    async strike({ installation }, lastsMs) {
      await installation.worker.kill();
      await pause(lastsMs);
      await installation.worker.start();
    },
  },
  "stop the worker": {
    lastsMs: [1_000, 5_000],
    strike: ({ installation }, lastsMs) => stopped([installation.worker.pid()], lastsMs),
  },
  "kill Postgres": {
    lastsMs: [0, 4_000],
    async strike({ postgres }, lastsMs) {
      await postgres.kill();
      await pause(lastsMs);
      await postgres.start();
    },
  },
  "stop Postgres": {
    lastsMs: [1_000, 6_000],
    strike: (rig, lastsMs) => stopped(postgresProcesses(rig), lastsMs),
  },
  "start proxies while Postgres is stopped": {
    lastsMs: [4_000, 6_000],
    async strike(rig, lastsMs) {
      const pids = postgresProcesses(rig);
      signalAll(pids, "SIGSTOP");
      signalAll(proxies(rig), "SIGKILL");
      await pause(lastsMs);
      signalAll(pids, "SIGCONT");
    },
  },
  "kill Redis": {
    lastsMs: [0, 3_000],
    async strike({ redis }, lastsMs) {
      await redis.kill();
      await pause(lastsMs);
      await redis.start();
    },
  },
  "send Redis back in time": {
    lastsMs: [500, 2_000],
    async strike(rig, lastsMs) {
      await withRedis(rig, (client) => client.save());
      await pause(lastsMs);
      await rig.redis.kill();
      await rig.redis.start();
    },
  },
  "kill all proxies while Redis goes back in time": {
    lastsMs: [2_000, 3_000],
    async strike(rig, lastsMs) {
      await withRedis(rig, (client) => client.save());
      await pause(lastsMs);
      const pids = proxies(rig);
      await rig.installation.proxy.kill();
      signalAll(pids, "SIGKILL");
      await rig.redis.kill();
      await rig.redis.start();
      await rig.installation.proxy.start();
    },
  },
  "stop Redis": {
    lastsMs: [1_000, 4_000],
    strike: ({ redis }, lastsMs) => stopped([redis.process.pid ?? 0], lastsMs),
  },
  "flush Redis": {
    lastsMs: [500, 501],
    async strike(rig) {
      await withRedis(rig, (client) => client.flushall());
    },
  },
  "lose the queue": {
    lastsMs: [500, 501],
    async strike(rig) {
      await withRedis(rig, async (client) => client.unlink(...(await client.keys("bull:*")), "none"));
    },
  },
  "fill the spool's disk": {
    lastsMs: [1_000, 3_000],
    strike: (rig, lastsMs) => withFullDisk(rig, () => pause(lastsMs)),
  },
  "kill all proxies while the spool's disk is full": {
    lastsMs: [1_000, 3_000],
    strike: (rig, lastsMs) =>
      withFullDisk(rig, async () => {
        await pause(lastsMs);
        signalAll(proxies(rig), "SIGKILL");
      }),
  },
  "step the clocks": { lastsMs: [1_000, 4_000], strike: stepClocks },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof plain | `kill ${KillPointName}`;

/** Every fault that is injected into an installation under load. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  ...plain,
  ...(Object.fromEntries(KILL_POINT_NAMES.map((name) => [`kill ${name}`, killAt(name)])) as Record<
    `kill ${KillPointName}`,
    Fault
  >),
};

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

import { readFileSync } from "node:fs";
import path from "node:path";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { Redis } from "ioredis";
import { breaking } from "./breaker.ts";
import type { Argument, Probe, Reply, Script } from "./script.ts";
import { createSharedStore, type SharedStore, type SharedStoreOptions } from "./shared-store.ts";

export interface RedisStoreOptions extends SharedStoreOptions {
  url: string;
}

type Command = (key: string, ...args: Argument[]) => Promise<Reply>;

/** Maximum milliseconds to connect, and for a command. The breaker gives up a command sooner. */
const CONNECT_MS_MAX = 1_000;
const COMMAND_MS_MAX = 2_000;
const RECONNECT_MS_MAX = 500;

/** Arguments of `presence.lua`: without a heartbeat for so many milliseconds, see there. */
const [SILENT_MS, ABSENT_MS, DELETED_MS] = [1_500, 10_000, 86_400_000];
const PRESENCE_KEY = "tollgate:proxies";

/** Organisations whose epochs began lately, by time (ms). Older entries are deleted. */
const ANNOUNCED_KEY = "tollgate:epochs";
const [ANNOUNCED_MS, ANNOUNCED_MAX] = [60_000, 1_000];

/** All keys of an organisation have the same hash tag, so that a Redis cluster keeps them on one node. */
const stateKey = (orgId: Uuid): string => `tollgate:{${orgId}}`;

/** Holds a random id of this Redis, so that proxies that use different ones are detected. */
const ID_KEY = "tollgate:store";

function openScript(url: string, onError: (error: Error) => void): Script & Probe {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS_MAX,
    connectTimeout: CONNECT_MS_MAX,
    retryStrategy: (times) => Math.min(50 * times, RECONNECT_MS_MAX),
  });
  redis.on("error", onError);
  const file = (name: string): string => readFileSync(path.join(import.meta.dirname, `${name}.lua`), "utf8");
  const command = (name: string, lua: string): Command => {
    redis.defineCommand(name, { numberOfKeys: 1, lua });
    return (redis as unknown as Record<string, Command>)[name]?.bind(redis) as Command;
  };
  const [counters, presence] = [
    command("counters", ["amounts", "residents", "holds", "counters"].map(file).join("")),
    command("presence", file("presence")),
  ];
  return {
    run: (orgId, op, epoch, seen, args) => counters(stateKey(orgId), op, epoch, seen, ...args),
    async beat(owner) {
      const reply = await presence(PRESENCE_KEY, owner, SILENT_MS, ABSENT_MS, DELETED_MS);
      const [generation, nowMs, owners, absent] = reply as unknown as [string, number, string[], (string | number)[]];
      const silent = new Map<string, number>();
      for (let at = 0; at + 1 < absent.length; at += 2) silent.set(String(absent[at]), Number(absent[at + 1]));
      return { generation: String(generation), nowMs: Number(nowMs), owners: owners.map(String), silent };
    },
    leave: (owner) => redis.hdel(PRESENCE_KEY, owner),
    remember: (owner, orgId) => redis.sadd(`tollgate:owner:${owner}`, orgId),
    remembered: (owner) => redis.smembers(`tollgate:owner:${owner}`),
    async announce(orgId, atMs) {
      await redis.zadd(ANNOUNCED_KEY, atMs, orgId);
      await redis.zremrangebyscore(ANNOUNCED_KEY, "-inf", atMs - ANNOUNCED_MS);
    },
    announced: (sinceMs) => redis.zrangebyscore(ANNOUNCED_KEY, sinceMs, "+inf", "LIMIT", 0, ANNOUNCED_MAX),
    async id() {
      await redis.setnx(ID_KEY, uuidV7(Date.now()));
      return (await redis.get(ID_KEY)) ?? "";
    },
    ping: () => redis.ping(),
    reconnect: () => redis.disconnect(true),
    close: () => redis.disconnect(),
  };
}

/** A limit store in Redis, for any number of proxies. */
export const createRedisStore = ({ url, ...options }: RedisStoreOptions): SharedStore =>
  createSharedStore(breaking(openScript(url, options.onError), options.onError), options);

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Uuid } from "@tollgate/contracts/ids";
import { Redis } from "ioredis";
import { createSharedStore, type Script, type SharedStore, type SharedStoreOptions } from "./shared-store.ts";

export interface RedisStoreOptions extends SharedStoreOptions {
  url: string;
}

type Reserve = (key: string, ...args: (string | number)[]) => ReturnType<Script["run"]>;

/** Milliseconds a command may take: a hold stands in a request's way. */
const COMMAND_MS_MAX = 1_000;
const RECONNECT_MS_MAX = 500;

/** One organisation's keys share a hash tag, so that a cluster keeps them together. */
const stateKey = (orgId: Uuid): string => `tollgate:{${orgId}}`;

function openScript(url: string, onError: (error: Error) => void): Script {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS_MAX,
    connectTimeout: COMMAND_MS_MAX,
    retryStrategy: (times) => Math.min(50 * times, RECONNECT_MS_MAX),
  });
  redis.on("error", onError);
  redis.defineCommand("reserve", {
    numberOfKeys: 1,
    lua: readFileSync(path.join(import.meta.dirname, "reserve.lua"), "utf8"),
  });
  const reserve = (redis as unknown as { reserve: Reserve }).reserve.bind(redis);
  return {
    run: (orgId, op, epoch, seen, args) => reserve(stateKey(orgId), op, epoch, seen, ...args),
    async read(orgId, epoch, counters) {
      const pipeline = redis.pipeline();
      for (const counter of counters)
        pipeline.hmget(`${stateKey(orgId)}:${epoch}:counter:${counter}`, "committed", "held");
      const answers = (await pipeline.exec()) ?? [];
      return answers.map(([error, value]) => {
        if (error) throw error;
        return value as [string | null, string | null];
      });
    },
    remember: (owner, orgId) => redis.sadd(`tollgate:owner:${owner}`, orgId),
    remembered: (owner) => redis.smembers(`tollgate:owner:${owner}`),
    close: () => redis.disconnect(),
  };
}

/** A limit store in Redis: for any number of proxies. */
export const createRedisStore = ({ url, ...options }: RedisStoreOptions): SharedStore =>
  createSharedStore(openScript(url, options.onError), options);
